import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The order in which a round runs its entries: balanced and random.
 *
 * Rounds come in blocks of a Williams design (E. J. Williams, Experimental designs balanced for the estimation
 * of residual effects of treatments, 1949): in a block of `count` rounds each entry stands once at each
 * position, and follows each other entry equally often (for an odd count over two blocks). Each block assigns the
 * entries at random and shuffles its rows.
 *
 * @param count how many entries a round has, from 1
 * @param round from 1
 * @param seed a whole number from 0 to 2^32 - 1; the same seed gives the same orders
 * @returns each of 0 to count - 1 once
 */
export function roundOrder(count: number, round: number, seed: number): number[] {
  const block = Math.floor((round - 1) / count);
  const random = xoroshiro128plus((seed ^ Math.imul(block + 1, 0x9e3779b1)) | 0);
  const draw = (below: number) => uniformInt(random, 0, below - 1);
  const parts = shuffled(count, draw);
  const rows = shuffled(count, draw);
  const row = rows[(round - 1) % count]!;
  const order = Array.from({ length: count }, (_, position) => (zigzag(position, count) + row) % count);
  if (count % 2 === 1 && block % 2 === 1) order.reverse();
  return order.map((part) => parts[part]!);
}

/** 0, 1, n - 1, 2, n - 2, …: the differences between neighbours are all different. */
function zigzag(position: number, count: number): number {
  return position % 2 === 1 ? (position + 1) / 2 : (count - position / 2) % count;
}

/**
 * 0 to count - 1 in random order (Fisher and Yates).
 *
 * @param draw a whole number from 0, below its argument, all equally likely
 */
export function shuffled(count: number, draw: (below: number) => number): number[] {
  const list = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = draw(last + 1);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}
