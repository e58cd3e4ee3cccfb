/** What the conductor and the measured process say to each other. */
import type { ProfileName } from '../model.ts';
import type { RecordedTrace, Sample } from '../record.ts';

/** One run of a variant within a round. */
export interface RoundEntry {
  /** Position of the variant in the experiment's list. */
  readonly variant: number;
  /** The second run of a control. */
  readonly twin: boolean;
}

export type ToMeasured =
  | {
      readonly type: 'configure';
      readonly file: string;
      readonly profile: ProfileName;
      readonly origin: string;
    }
  | {
      readonly type: 'round';
      readonly round: number;
      readonly warmUp: boolean;
      /** In the order in which they run. */
      readonly entries: readonly RoundEntry[];
      /** Whether the traces of this round are wanted. */
      readonly traced: boolean;
    };

export type FromMeasured =
  | { readonly type: 'ready' }
  | { readonly type: 'started'; readonly entry: RoundEntry }
  | { readonly type: 'sample'; readonly sample: Sample; readonly trace: RecordedTrace | null }
  | { readonly type: 'finished' }
  /** The round could not go on; the message is one sentence. */
  | { readonly type: 'failed'; readonly message: string };
