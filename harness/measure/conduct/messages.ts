/** The messages between the conductor and the measured process. */
import type { ProfileName } from '../../model/experiment.ts';
import type { RecordedTrace, Sample } from '../../record/schema.ts';
import type { RoundEntry } from '../plan/round-entries.ts';
import type { Peer } from '../process/peers.ts';
import type { TargetPlace } from '../process/target.ts';

/** The measured figures of a sample. The conductor, which sent the round, adds its place in the record. */
export type SampleFigures = Omit<Sample, 'round' | 'warmUp' | 'position' | 'variant' | 'twin' | 'repeat'>;
/** A trace without its variant, which is that of the entry in the same message. */
export type TraceFigures = Omit<RecordedTrace, 'variant'>;

export type ToMeasured =
  | {
      readonly type: 'configure';
      readonly file: string;
      readonly profile: ProfileName;
      /** By their names in the experiment. */
      readonly targets: Readonly<Record<string, TargetPlace>>;
      /** The peers that have rows. */
      readonly peers: readonly Peer[];
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
  | {
      readonly type: 'sample';
      readonly entry: RoundEntry;
      readonly figures: SampleFigures;
      readonly trace: TraceFigures | null;
    }
  /** A row has no sample because it failed. If its code goes on, this process can measure no other row. */
  | {
      readonly type: 'lost';
      readonly entry: RoundEntry;
      readonly reason: string;
      readonly goesOn: boolean;
    }
  /** A round is over, or the process is configured. */
  | {
      readonly type: 'finished';
      /** What is still open that the experiment opened, by kind, as in `{ timer: 3 }`. */
      readonly leftOpen: Readonly<Record<string, number>>;
    }
  /** Measured code ends this process. */
  | { readonly type: 'exiting'; readonly code: number }
  /** The round could not go on; the message is one sentence. */
  | { readonly type: 'failed'; readonly message: string };
