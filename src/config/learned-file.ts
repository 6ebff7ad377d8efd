import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  BUCKETS,
  DANGER_BUCKETS,
  DANGER_UNITS,
  dangerClasses,
  type DangerModel,
  type LearnedLabels,
  type LearnedModel,
  wordKinds,
} from '../domain/routing/learned';
import type { Problem } from './config-error';

/** In the municipality's folder. Without this file routing uses the rules alone. */
export const LEARNED_FILE = 'learned-routing.json';

const schema = z.strictObject({
  format: z.literal(1),
  /** The number of cases it was trained on. */
  cases: z.int().positive(),
  owners: z.array(z.string().min(1)).min(1),
  /** Base64 of little-endian 32-bit floats, one row of buckets per owner. */
  weights: z.base64(),
  /** The same for subjects, if enough of them were confirmed by people. */
  subjects: z.strictObject({ labels: z.array(z.string().min(1)).min(1), weights: z.base64() }).optional(),
});

/** The result of `readLearned`: the model, null if there is no file, or the problems of the file. */
export interface LearnedFound {
  readonly model: LearnedModel | null;
  readonly problems: readonly Problem[];
}

const MEND = 'train it again with `admin routing-train`, or delete the file to route by the rules alone';

/** Reads the trained model in a municipality's folder. An invalid file is returned as problems, not thrown. */
export function readLearned(folder: string): LearnedFound {
  const file = join(folder, LEARNED_FILE);
  if (!existsSync(file)) return { model: null, problems: [] };
  const broken = { model: null, problems: [{ where: file, what: 'is not a trained model', allowed: MEND }] };
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return broken;
  }
  const parsed = schema.safeParse(written);
  if (!parsed.success) return broken;
  const { owners: labels, weights, subjects: ofSubjects } = parsed.data;
  const [owners, subjects] = [labelsOf({ labels, weights }), ofSubjects ? labelsOf(ofSubjects) : null];
  if (!owners || (ofSubjects && !subjects)) return broken;
  return { model: { owners, subjects }, problems: [] };
}

/** Returns the stored weights of labels, or null if their number is wrong. */
function labelsOf({ labels, weights }: { labels: string[]; weights: string }): LearnedLabels | null {
  const bytes = Buffer.from(weights, 'base64');
  if (bytes.length !== labels.length * BUCKETS * Float32Array.BYTES_PER_ELEMENT) return null;
  return { labels, weights: floatsOf(bytes) };
}

function floatsOf(bytes: Buffer): Float32Array {
  const floats = new Float32Array(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  for (let i = 0; i < floats.length; i += 1) {
    floats[i] = bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT);
  }
  return floats;
}

/** In the municipality's folder. Without this file the danger words decide alone. */
const DANGER_FILE = 'learned-danger.json';

const dangerSchema = z.strictObject({
  format: z.literal(3),
  /** The number of wordings it was trained on. */
  wordings: z.int().positive(),
  classes: z.array(z.enum(dangerClasses)).length(dangerClasses.length),
  /** Kinds of words, a line each: "person: amca teyze -ler". */
  kinds: z.array(z.string().min(1)),
  starts: z.array(z.number()).length(DANGER_UNITS),
  /** The weights of the units, class by class. */
  units: z.array(z.number()).length(DANGER_UNITS * dangerClasses.length),
  /** The weight that one step of the stored bytes means. */
  step: z.number().positive(),
  /** Base64 of signed bytes, a row of units per bucket. */
  buckets: z.base64(),
});

/** The model of danger, null if there is no file, or the problems of the file. */
export interface DangerModelFound {
  readonly model: DangerModel | null;
  readonly problems: readonly Problem[];
}

/** Reads the trained model of danger in a municipality's folder. An invalid file is returned as problems, not thrown. */
export function readDangerModel(folder: string): DangerModelFound {
  const file = join(folder, DANGER_FILE);
  if (!existsSync(file)) return { model: null, problems: [] };
  const allowed =
    'train it again with `admin danger-train`, or delete the file to recognise danger by words alone';
  const broken = { model: null, problems: [{ where: file, what: 'is not a trained model', allowed }] };
  let written: unknown;
  try {
    written = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return broken;
  }
  const parsed = dangerSchema.safeParse(written);
  if (!parsed.success) return broken;
  const { classes, kinds, starts, units, step, buckets } = parsed.data;
  const bytes = Buffer.from(buckets, 'base64');
  if (bytes.length !== DANGER_UNITS * DANGER_BUCKETS) return broken;
  return {
    model: {
      classes,
      kinds: wordKinds(kinds),
      buckets: weightsOf(bytes, step),
      starts: Float32Array.from(starts),
      units: Float32Array.from(units),
    },
    problems: [],
  };
}

/** A loop: `Float32Array.from` with a function takes forty times as long, at every start. */
function weightsOf(bytes: Buffer, step: number): Float32Array {
  const weights = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) weights[i] = bytes.readInt8(i) * step;
  return weights;
}

/** Writes the model of danger atomically, a byte for each weight of a bucket, and returns the path of the file. */
export function writeDangerModel(
  folder: string,
  { classes, kinds, buckets, starts, units }: DangerModel,
  wordings: number,
): string {
  const step = buckets.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127;
  const bytes = Int8Array.from(buckets, weight => Math.round(weight / step));
  const file = join(folder, DANGER_FILE);
  const content = {
    format: 3,
    wordings,
    classes,
    kinds: kinds.written,
    starts: [...starts],
    units: [...units],
    step,
    buckets: Buffer.from(bytes.buffer).toString('base64'),
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
  renameSync(`${file}.new`, file);
  return file;
}

/** Writes the model atomically and returns the path of the file. */
export function writeLearned(folder: string, { owners, subjects }: LearnedModel, cases: number): string {
  const written = ({ weights }: LearnedLabels): string => {
    const bytes = Buffer.alloc(weights.length * Float32Array.BYTES_PER_ELEMENT);
    weights.forEach((weight, i) => bytes.writeFloatLE(weight, i * Float32Array.BYTES_PER_ELEMENT));
    return bytes.toString('base64');
  };
  const content = {
    ...{ format: 1, cases, owners: owners.labels, weights: written(owners) },
    ...(subjects && { subjects: { labels: subjects.labels, weights: written(subjects) } }),
  };
  const file = join(folder, LEARNED_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
  renameSync(`${file}.new`, file);
  return file;
}
