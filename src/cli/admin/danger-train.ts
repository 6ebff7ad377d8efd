import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { writeDangerModel } from '../../config/learned-file';
import {
  DANGER_BUCKETS,
  DANGER_UNITS,
  dangerClasses,
  type DangerModel,
  dangersOf,
  likeliestDanger,
  unitsOf,
  type WordKinds,
} from '../../domain/routing/learned';
import { lottery, shuffled } from '../../domain/routing/training';
import { foldedWords } from '../../domain/turkish';
import {
  type Corpus,
  corpusIn,
  type Draw,
  type Example,
  examplesOf,
  partsOf,
  unlike,
  type Wording,
} from './danger-wordings';

/** More rounds learn the wordings by heart. */
const ROUNDS = 5;
const STEP = 0.05;
/** One network alone is too sure of itself. The model is several that began at random, each with so many units. */
const NETS = 8;
const UNITS = DANGER_UNITS / NETS;

/** In each round this share of the features, in percent, is left out, so that none decides alone. */
const LEFT_OUT = 20;

/** L2 regularisation of the weights of buckets and of units. */
const FORGETTING = { buckets: 1e-5, units: 1e-4 };

/** For the printed shares, the written wordings are divided into this many parts. */
const PARTS = 3;

export function registerDangerTrain(admin: Command): void {
  admin
    .command('danger-train')
    .description('train the recognition of danger on wordings written for it')
    .argument(
      '<folder>',
      'CSV files by kind with a column "words", without those named -unseen; patterns/ with wordings such as "{ev|depo} yanıyor"; kinds.txt with lines such as "person: amca teyze"',
    )
    .option(
      '--shares',
      'first print the shares of wordings that models recognise which have not learned them',
    )
    .action((folder: string, { shares }: { shares?: boolean }) => {
      const draw = lottery();
      const corpus = corpusIn(folder, draw);
      if (shares) for (const line of sharesFound(corpus)) console.log(line);
      const model = trained(examplesOf(corpus, draw), corpus.kinds);
      const wordings = corpus.written.length + corpus.made.length;
      const file = writeDangerModel(readEnv('checks').CONFIG_DIR, model, wordings);
      console.log(`Saved: ${file}. Web and worker use it after a restart.`);
    });
}

/** Weights with the sums of their squared slopes (AdaGrad). */
interface Layer {
  readonly weights: Float32Array;
  readonly sums: Float32Array;
}

function layerOf(size: number, draw: Draw, most: number): Layer {
  const weights = Float32Array.from({ length: size }, () => (draw(20_001) / 10_000 - 1) * most);
  return { weights, sums: new Float32Array(size).fill(1e-3) };
}

function descend({ weights, sums }: Layer, at: number, slope: number): void {
  const sum = (sums[at] ?? 0) + slope * slope;
  sums[at] = sum;
  weights[at] = (weights[at] ?? 0) - (STEP * slope) / Math.sqrt(sum);
}

/** The trained weights of a network of `UNITS` units. */
type Net = Pick<DangerModel, 'classes' | 'buckets' | 'units' | 'starts'>;

/** Trains several networks and joins them: its scores are their mean. Deterministic. */
function trained(examples: readonly Example[], kinds: WordKinds): DangerModel {
  const draw = lottery();
  const nets = Array.from({ length: NETS }, (_, i) => {
    console.error(`learning from ${examples.length} wordings: network ${i + 1} of ${NETS}`);
    return trainedNet(examples, draw);
  });
  const joined = (rows: number, weightsOf: (net: Net) => Float32Array): Float32Array =>
    Float32Array.from({ length: rows * DANGER_UNITS }, (_, at) => {
      const [row, unit] = [Math.floor(at / DANGER_UNITS), at % DANGER_UNITS];
      const net = nets[Math.floor(unit / UNITS)];
      return net ? (weightsOf(net)[row * UNITS + (unit % UNITS)] ?? 0) : 0;
    });
  return {
    classes: dangerClasses,
    kinds,
    buckets: joined(DANGER_BUCKETS, ({ buckets }) => buckets),
    units: joined(dangerClasses.length, ({ units }) => units).map(weight => weight / NETS),
    starts: joined(1, ({ starts }) => starts),
  };
}

/** Trains a network by stochastic gradient descent, in rounds over all examples. */
function trainedNet(examples: readonly Example[], draw: Draw): Net {
  const buckets = layerOf(DANGER_BUCKETS * UNITS, draw, 0.05);
  const units = layerOf(dangerClasses.length * UNITS, draw, 0.5);
  const starts = layerOf(UNITS, draw, 0);
  const net: Net = {
    classes: dangerClasses,
    buckets: buckets.weights,
    units: units.weights,
    starts: starts.weights,
  };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const { signs, tells, weight } of shuffled(examples, draw)) {
      const values = thinned(signs.values, draw);
      const scores = unitsOf(net, { buckets: signs.buckets, values });
      const slopes = new Float32Array(UNITS);
      dangersOf(net, scores).forEach((likely, row) => {
        const wrong = weight * (likely - (dangerClasses[row] === tells ? 1 : 0));
        scores.forEach((score, unit) => {
          if (score <= 0) return;
          const at = row * UNITS + unit;
          const present = net.units[at] ?? 0;
          slopes[unit] = (slopes[unit] ?? 0) + wrong * present;
          descend(units, at, wrong * score + FORGETTING.units * present);
        });
      });
      for (let unit = 0; unit < UNITS; unit += 1) {
        if ((scores[unit] ?? 0) <= 0) continue;
        const slope = slopes[unit] ?? 0;
        descend(starts, unit, slope);
        for (let i = 0; i < values.length; i += 1) {
          const [at, value] = [(signs.buckets[i] ?? 0) * UNITS + unit, values[i] ?? 0];
          if (value !== 0) descend(buckets, at, slope * value + FORGETTING.buckets * (net.buckets[at] ?? 0));
        }
      }
    }
  }
  return net;
}

/** Returns the values of features with some left out at random, and the others raised to the same sum. */
function thinned(values: Float32Array, draw: Draw): Float32Array {
  return values.map((value, i) => {
    const isAlways = i === values.length - 1;
    if (isAlways) return value;
    return draw(100) < LEFT_OUT ? 0 : (100 * value) / (100 - LEFT_OUT);
  });
}

/**
 * Returns a line for each class: the share of its written wordings that a model recognises without the danger words,
 * if it was trained on the other parts of the written wordings, and on those patterns that are not like this part.
 */
function sharesFound(corpus: Corpus): string[] {
  const draw = lottery();
  const { written, kinds } = corpus;
  const parts = partsOf(written, PARTS, draw);
  const found: Wording[] = [];
  for (let part = 0; part < PARTS; part += 1) {
    const apart = written.filter((_, i) => parts[i] === part);
    const others = written.filter((_, i) => parts[i] !== part);
    const made = unlike(corpus.made, apart);
    const model = trained(examplesOf({ ...corpus, written: others, made }, draw), kinds);
    found.push(
      ...apart.filter(({ text, tells }) => likeliestDanger(foldedWords(text), model, null) === tells),
    );
  }
  return dangerClasses.map(name => {
    const ofClass = (all: readonly Wording[]): number => all.filter(({ tells }) => tells === name).length;
    const [all, right] = [ofClass(written), ofClass(found)];
    return `${name}: ${((100 * right) / Math.max(all, 1)).toFixed(1)} % of ${all} recognised by models that did not know them`;
  });
}
