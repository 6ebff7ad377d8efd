import { z } from 'zod';
import { planAsked } from '../../config/calendars';
import { correctionOf, type CorrectionProblem, correctSubjects } from '../../config/correction';
import type { Municipality } from '../../config/municipality';
import { categoryOf, handOffWay, institutionOf, ownerOf } from '../../config/offices';
import { type Correction, refusalOf } from '../../domain/case/acts';
import { type CaseState, isOnHold } from '../../domain/case/case';
import type { CaseEffect, CaseEvent } from '../../domain/case/case-events';
import { takeTurn } from '../../domain/case/case-life';
import type { Turn } from '../../domain/case/turn';
import { pinIn } from '../../domain/place/map-pin';
import { priorities } from '../../domain/sla/sla';
import { momentText } from '../../mail/case-text';
import { askedIn, correctable, pinText } from '../../store/corrections';
import type { Store } from '../../store/store';
import type { OpenedTask } from '../access';
import {
  type ActContext,
  type ActField,
  type ActFields,
  type ActValues,
  type FieldGroup,
  type Foreseen,
  LONGEST_NOTE,
  words,
} from './act-fields';

const LONGEST_STREET = 120;
const LONGEST_PIN = 500;

/** The fields of a correction. All but the reason are optional; an empty field stays as it is. */
export function correctionFields(context: ActContext): ActFields {
  const { municipality, intake, progress } = context;
  const places = municipality.neighbourhoods.map(({ slug, name }) => ({ value: slug, name }));
  const levels = priorities.map(value => ({ value, name: value.toUpperCase() }));
  return {
    subject: optionalChoice('Konu', subjectGroups(municipality), intake.category.slug),
    priority: optionalChoice('Öncelik', [{ label: null, options: levels }], progress.priority),
    pin: pinField(municipality),
    neighbourhood: optionalChoice('Mahalle', [{ label: null, options: places }]),
    street: streetField(),
    words: words('Gerekçe (vatandaşa gönderilmez)', LONGEST_NOTE),
  };
}

/** The subjects by owner. */
function subjectGroups(municipality: Municipality): FieldGroup[] {
  const groups = new Map<string, FieldGroup>();
  for (const category of correctSubjects(municipality)) {
    const owner = ownerOf(municipality, category);
    const label = 'department' in owner ? owner.department.name : owner.institution.name.tr;
    const group = groups.get(label) ?? { label, options: [] };
    group.options.push({ value: category.slug, name: category.name.tr });
    groups.set(label, group);
  }
  return [...groups.values()];
}

/** The present value is not offered, but a form that is sent again after its correction may contain it. */
function optionalChoice<Slug extends string>(
  label: string,
  groups: readonly { label: string | null; options: { value: Slug; name: string }[] }[],
  present?: Slug,
): ActField<Slug | null> {
  const known = groups.flatMap(({ options }) => options.map(({ value }) => value));
  const error = 'Listeden bir seçenek seçiniz.';
  return {
    type: 'choice',
    label,
    hint: null,
    isRequired: false,
    empty: 'Değişmesin',
    groups: groups
      .map(group => ({ ...group, options: group.options.filter(({ value }) => value !== present) }))
      .filter(({ options }) => options.length > 0),
    schema: z
      .string(error)
      .optional()
      .transform((text, context) => {
        const found = known.find(slug => slug === text);
        if (found === undefined && text) context.addIssue(error);
        return found ?? null;
      }),
  };
}

function pinField({ country, mapTiles }: Municipality): ActField<string | null> {
  return {
    type: 'text',
    label: 'Konum',
    limit: LONGEST_PIN,
    hint: `Koordinat (39.94712, 32.63321) veya koordinat içeren harita bağlantısı.${mapTiles ? ' Yukarıdaki haritaya dokunarak da seçebilirsiniz.' : ''}`,
    isRequired: false,
    schema: z
      .string()
      .max(LONGEST_PIN)
      .optional()
      .transform((text, context) => {
        const pin = text ? pinIn(text, country) : null;
        if (text && pin === null) context.addIssue('Koordinat bulunamadı; 39.94712, 32.63321 gibi yazınız.');
        return pin && pinText(pin);
      }),
  };
}

function streetField(): ActField<string | null> {
  return {
    type: 'text',
    label: 'Sokak ve kapı numarası',
    limit: LONGEST_STREET,
    hint: 'Örneğin: 1234. Sokak No 5',
    isRequired: false,
    schema: z
      .string()
      .max(LONGEST_STREET)
      .optional()
      .transform(text => text?.trim() || null),
  };
}

interface CorrectDeps {
  store: Pick<Store, 'messages' | 'closures'>;
  municipality: Municipality;
}

const problems = {
  nothing: { subject: 'Konu, öncelik veya yer bilgilerinden en az birini değiştiriniz.' },
  outside: { pin: 'Bu konum ilçe sınırları dışında; kaydı yönlendiriniz ya da gerekçesiyle reddediniz.' },
  elsewhere: { neighbourhood: 'Yazdığınız konum bu mahallede değil; ikisinden birini boş bırakınız.' },
} as const satisfies Record<CorrectionProblem, object>;

/** Returns the correction that a form asks for, or what is wrong with its fields. */
export async function correctionIn(
  { store, municipality }: CorrectDeps,
  task: Pick<OpenedTask, 'intake' | 'progress'>,
  values: ActValues,
): Promise<{ correction: Correction } | { errors: Partial<Record<keyof ActValues, string>> }> {
  const messages = await store.messages.several(task.progress.messageIds);
  const found = correctionOf(municipality, correctable(task, messages), askedIn(values));
  return 'problem' in found ? { errors: problems[found.problem] } : found;
}

/** Plays a correction with the rules of the case, without doing it. `now` is epoch ms UTC. */
export async function foreseen(
  { store, municipality }: CorrectDeps,
  { intake, progress }: Pick<OpenedTask, 'intake' | 'progress'>,
  correction: Correction,
  now: number,
): Promise<Foreseen> {
  const closures = await store.closures.all();
  const act = { actionId: 'foreseen', by: 'manager', action: 'correct', correction } as const;
  const before: CaseState = { ...progress, handled: [] };
  if (refusalOf(before, act, now)) return { lines: [], told: null };
  const followUp = (state: CaseState, effect: CaseEffect): CaseEvent | null => {
    if (effect.type === 'passOn') {
      const way = handOffWay(institutionOf(municipality, effect.institution));
      return { type: 'passedOn', number: effect.effect, institution: effect.institution, way };
    }
    if (effect.type !== 'plan') return null;
    const { kind, priority, hazard = false } = state;
    const about = { municipality, closures, category: categoryOf(municipality, state.category.slug) };
    const plan = planAsked({ ...about, kind, priority, hazard }, intake.receivedAt.getTime(), effect);
    return { type: 'planned', plan, after: effect.after, effect: effect.effect };
  };
  const turns: Turn[] = [takeTurn(before, { type: 'acted', act, passesOn: true }, now)];
  for (const turn of turns) {
    for (const effect of turn.effects) {
      const { state } = turns.at(-1) ?? turn;
      const event = followUp(state, effect);
      if (event) turns.push(takeTurn(state, event, now));
    }
  }
  const after = turns.at(-1)?.state ?? before;
  const [told] = turns.flatMap(({ effects }) =>
    effects.flatMap(effect => (effect.type === 'tellCitizen' ? [effect.news] : [])),
  );
  return {
    lines: linesOf(municipality, before, after),
    told: told === undefined ? null : { news: told, after },
  };
}

function linesOf({ timeZone }: Municipality, before: CaseState, after: CaseState): string[] {
  const lines: string[] = [];
  const time = (at: number): string => momentText(at, timeZone);
  if (after.category.slug !== before.category.slug) lines.push(`Konu: ${after.category.name}.`);
  if (after.priority !== before.priority) {
    lines.push(`Öncelik: ${after.priority.toUpperCase()} (şimdi ${before.priority.toUpperCase()}).`);
  }
  if (after.neighbourhood && after.neighbourhood.slug !== before.neighbourhood?.slug) {
    lines.push(`Mahalle: ${after.neighbourhood.name}.`);
  }
  if (after.stage === 'handedOff') {
    return [...lines, `Kayıt kapanır ve yetkili kuruma iletilir: ${after.institution?.name ?? ''}.`];
  }
  if (after.hazard && !before.hazard) lines.push('Kayıt tehlike sayılır; süreler günün her saati işler.');
  if (after.plan.desk.slug !== before.plan.desk.slug) {
    lines.push(
      `Kayıt ${after.plan.desk.name} birimine geçer; bu bağlantıyla artık işlem yapılamaz. Hedeflenen çözüm: ${time(after.plan.resolveBy)}.`,
    );
  } else if (isOnHold(after.stage) && after.retargets) {
    lines.push('Süreler, bekleme bitince yeniden belirlenir.');
  } else if (after.plan.resolveBy !== before.plan.resolveBy) {
    lines.push(`Hedeflenen çözüm: ${time(after.plan.resolveBy)} (şimdi ${time(before.plan.resolveBy)}).`);
  } else {
    lines.push('Süreler ve sorumlu birim değişmez.');
  }
  return lines;
}
