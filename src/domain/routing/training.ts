import { BUCKETS, type LearnedLabels, opinionOf, type Signs } from './learned';

/** A text with its known label. */
export interface Example {
  readonly signs: Signs;
  readonly label: string;
}

/** Each round costs time and adds certainty. */
const ROUNDS = 12;
const STEP = 0.15;
/** L2 regularisation. It keeps rare words from deciding. */
const FORGETTING = 2e-4;

/** Returns a Lehmer random number generator with a fixed seed, so that training is reproducible. */
export function lottery(): (below: number) => number {
  let state = 20_261_125;
  return below => {
    state = (state * 48_271) % 0x7fffffff;
    return state % below;
  };
}

export function shuffled<Item>(items: readonly Item[], draw: (below: number) => number): Item[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = draw(i + 1);
    const [one, other] = [all[i], all[j]];
    if (one !== undefined && other !== undefined) [all[i], all[j]] = [other, one];
  }
  return all;
}

/**
 * Trains a multinomial logistic regression by stochastic gradient descent with AdaGrad, in rounds over all
 * examples. Deterministic. Calls `onRound` after each round, from 1 to `of`.
 */
export function train(
  examples: readonly Example[],
  onRound: (round: number, of: number) => void = () => undefined,
): LearnedLabels {
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  const model: LearnedLabels = { labels, weights: new Float32Array(labels.length * BUCKETS) };
  const { weights } = model;
  const steps = new Float32Array(weights.length).fill(1e-3);
  const places = new Map(labels.map((label, row) => [label, row]));
  const draw = lottery();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const { signs, label } of shuffled(examples, draw)) {
      const right = places.get(label) ?? 0;
      const opinion = opinionOf(model, signs);
      opinion.forEach((likely, row) => {
        const wrong = likely - (row === right ? 1 : 0);
        signs.buckets.forEach((bucket, i) => {
          const at = row * BUCKETS + bucket;
          const slope = wrong * (signs.values[i] ?? 0) + FORGETTING * (weights[at] ?? 0);
          steps[at] = (steps[at] ?? 0) + slope * slope;
          weights[at] = (weights[at] ?? 0) - (STEP * slope) / Math.sqrt(steps[at] ?? 1);
        });
      });
    }
    onRound(round, ROUNDS);
  }
  return model;
}
