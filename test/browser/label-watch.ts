/** The arguments of a watch: it may run in a page, without the rest of this file. */
export interface LabelWatch {
  /** The prototype of all canvas contexts. */
  readonly prototype: CanvasRenderingContext2D;
  /** Makes another canvas, of the same kind. */
  newContext(width: number, height: number): CanvasRenderingContext2D;
  /** The colour of transparent pixels: red, green and blue. */
  paper(): readonly number[];
}

/** The texts on a canvas. */
export interface Writing {
  readonly texts: readonly string[];
  /** The faults of the texts, one line each. */
  readonly faults: readonly string[];
  /** The colours of lines and areas. */
  readonly colours: readonly string[];
}

/**
 * Watches everything that is written on any canvas from now on. A text is at fault where not all of it is drawn, where it
 * covers something else than paper or an even colour (a line of the grid may pass behind it), and where something is drawn
 * over it later. It uses nothing from outside itself, so that it can be sent to a page.
 *
 * @returns tells what stands on a canvas since it was last cleared
 */
export function watchLabels({ prototype, newContext, paper }: LabelWatch): (canvas: object) => Writing {
  /** Grid lines differ from the paper by less than this, in steps of 255; everything important differs more. */
  const GRID_DISTANCE = 45;
  /** This share of a text may differ, since edges are blurred. */
  const BLURRED_SHARE = 0.03;

  interface Pixels {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly data: Uint8ClampedArray;
  }
  interface Label {
    readonly text: string;
    readonly faults: readonly string[];
    /** Where the pixels of its box are in `drawn`. */
    readonly places: readonly number[];
    readonly drawn: Pixels;
    readonly context: CanvasRenderingContext2D;
  }
  const labels = new WeakMap<object, Label[]>();
  const colours = new WeakMap<object, Set<string>>();
  const { fillText, fillRect, clearRect, strokeText, stroke, fill } = prototype;
  const add = (label: Label) => {
    const { canvas } = label.context;
    labels.set(canvas, [...(labels.get(canvas) ?? []), label]);
  };

  const read = (
    context: CanvasRenderingContext2D,
    { left, top, width, height }: Omit<Pixels, 'data'>,
  ): Pixels => {
    const { data } = context.getImageData(left, top, width, height);
    return { left, top, width, height, data };
  };
  const colourAt = ({ data }: Pixels, place: number): number[] => {
    const [background, alpha] = [paper(), data[place + 3]! / 255];
    return [0, 1, 2].map((channel) => data[place + channel]! * alpha + background[channel]! * (1 - alpha));
  };
  const distance = (one: readonly number[], other: readonly number[]) =>
    Math.max(...one.map((value, channel) => Math.abs(value - other[channel]!)));
  const isMuch = (places: readonly number[], of: readonly number[]) =>
    places.length > BLURRED_SHARE * of.length;

  const commonest = (pixels: Pixels, places: readonly number[]): number[] => {
    const counts = new Map<string, number>();
    for (const place of places) {
      const key = colourAt(pixels, place).map(Math.round).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const [[key] = ['0,0,0']] = [...counts].sort(([, one], [, other]) => other - one);
    return key.split(',').map(Number);
  };

  prototype.clearRect = function (x, y, width, height) {
    if (width > this.canvas.width / 3) {
      labels.delete(this.canvas);
      colours.delete(this.canvas);
    }
    clearRect.call(this, x, y, width, height);
  };

  const addColour = ({ canvas }: CanvasRenderingContext2D, style: unknown) => {
    const known = colours.get(canvas) ?? new Set();
    colours.set(canvas, known.add(String(style).toLowerCase()));
  };
  prototype.stroke = function (...path: unknown[]) {
    addColour(this, this.strokeStyle);
    stroke.apply(this, path as unknown as [Path2D]);
  };
  prototype.fill = function (...path: unknown[]) {
    addColour(this, this.fillStyle);
    fill.apply(this, path as unknown as [Path2D]);
  };

  prototype.fillRect = function (x, y, width, height) {
    const matrix = this.getTransform();
    const box = {
      left: Math.round(matrix.a * x + matrix.e),
      top: Math.round(matrix.d * y + matrix.f),
      width: Math.max(1, Math.round(matrix.a * width)),
      height: Math.max(1, Math.round(matrix.d * height)),
    };
    const isWhole = box.width * box.height > 0.9 * this.canvas.width * this.canvas.height;
    const before = isWhole ? null : read(this, box);
    fillRect.call(this, x, y, width, height);
    if (before === null) return;
    // Pixels that now look like paper were hidden.
    const drawn = read(this, box);
    const hidden = Array.from({ length: box.width * box.height }, (_, index) => index * 4).filter(
      (place) =>
        distance(colourAt(before, place), paper()) > GRID_DISTANCE &&
        distance(colourAt(drawn, place), paper()) <= GRID_DISTANCE,
    );
    if (hidden.length > 0)
      add({ text: 'A patch', faults: ['hides what is behind it'], places: [], drawn, context: this });
  };

  prototype.strokeText = function (text, ...where) {
    const drawn = read(this, { left: 0, top: 0, width: 1, height: 1 });
    add({ text, faults: ['has a halo, which hides what is behind it'], places: [], drawn, context: this });
    strokeText.call(this, text, ...where);
  };

  prototype.fillText = function (text, x, y, maxWidth) {
    const write = (context: CanvasRenderingContext2D) =>
      maxWidth === undefined
        ? fillText.call(context, text, x, y)
        : fillText.call(context, text, x, y, maxWidth);
    if (text.trim() === '') return write(this);
    const faults: string[] = [];
    const metrics = this.measureText(text);
    if (maxWidth !== undefined && metrics.width > maxWidth + 1) faults.push('is squeezed');

    // The box of its ink, which may be turned, and the pixels around that.
    const [fromX, toX] = [x - metrics.actualBoundingBoxLeft, x + metrics.actualBoundingBoxRight];
    const [fromY, toY] = [y - metrics.actualBoundingBoxAscent, y + metrics.actualBoundingBoxDescent];
    const matrix = this.getTransform();
    const [xs, ys] = [
      [fromX, toX].flatMap((ownX) =>
        [fromY, toY].map((ownY) => matrix.a * ownX + matrix.c * ownY + matrix.e),
      ),
      [fromX, toX].flatMap((ownX) =>
        [fromY, toY].map((ownY) => matrix.b * ownX + matrix.d * ownY + matrix.f),
      ),
    ];
    const { width, height } = this.canvas;
    if (Math.min(...xs, ...ys) < -1 || Math.max(...xs) > width + 1 || Math.max(...ys) > height + 1)
      faults.push('is cut by the edge');
    const [left, top] = [Math.max(0, Math.floor(Math.min(...xs))), Math.max(0, Math.floor(Math.min(...ys)))];
    const around = {
      ...{ left, top },
      width: Math.max(1, Math.min(width, Math.ceil(Math.max(...xs))) - left),
      height: Math.max(1, Math.min(height, Math.ceil(Math.max(...ys))) - top),
    };
    const inverse = matrix.inverse();
    const places = Array.from({ length: around.width * around.height }, (_, index) => index).flatMap(
      (index) => {
        const [atX, atY] = [
          left + (index % around.width) + 0.5,
          top + Math.floor(index / around.width) + 0.5,
        ];
        const ownX = inverse.a * atX + inverse.c * atY + inverse.e;
        const ownY = inverse.b * atX + inverse.d * atY + inverse.f;
        return ownX >= fromX && ownX <= toX && ownY >= fromY && ownY <= toY ? [index * 4] : [];
      },
    );

    const before = read(this, around);
    const under = commonest(before, places);
    const foreign = places.filter((place) => distance(colourAt(before, place), under) > GRID_DISTANCE);
    if (isMuch(foreign, places)) faults.push('covers something');
    write(this);
    const drawn = read(this, around);

    // The same ink on a paper where nothing cuts it.
    const free = newContext(around.width, around.height);
    const { font, textAlign, textBaseline, direction } = this;
    Object.assign(free, { font, textAlign, textBaseline, direction, fillStyle: '#000000' });
    free.setTransform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e - left, matrix.f - top);
    write(free);
    const { data: ink } = free.getImageData(0, 0, around.width, around.height);
    const inked = places.filter((place) => ink[place + 3]! > 160);
    const most = Math.max(...inked.map((place) => distance(colourAt(drawn, place), under)));
    const missing = inked.filter(
      (place) => distance(colourAt(drawn, place), colourAt(before, place)) < most / 3,
    );
    if (isMuch(missing, inked)) faults.push('is cut');
    add({ text, faults, places, drawn, context: this });
  };

  return (canvas) => {
    const own = labels.get(canvas) ?? [];
    const faults = own.flatMap(({ text, faults: early, places, drawn, context }) => {
      const now = read(context, drawn);
      const changed = places.filter((place) => distance(colourAt(now, place), colourAt(drawn, place)) > 24);
      const late = isMuch(changed, places) ? ['is covered'] : [];
      return [...early, ...late].map((fault) => `${text}: ${fault}`);
    });
    return { faults, texts: own.map(({ text }) => text), colours: [...(colours.get(canvas) ?? [])] };
  };
}
