import { patched, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { caseAttributes, changedAttributes, type CaseAttributes } from '../src/domain/case/attributes';
import type { CaseState } from '../src/domain/case/case';
import { caseDetails } from '../src/domain/case/case-details';
import type { CaseEvent, CaseFact } from '../src/domain/case/case-events';
import { factWords } from '../src/domain/case/case-labels';
import { takeTurn } from '../src/domain/case/case-life';
import { nextDeadline } from '../src/domain/sla/sla';
import { records } from './asking';
import { carryOut, laneOf } from './carry-out';
import { Lanes } from './lanes';
import { attributeUpdates } from './search-attributes';

const FACTS_REMEMBERED = 10;
/** The timeline of the Temporal UI cuts labels here. */
const LONGEST_SUMMARY = 120;

/** One run of a case: takes events into its state and sees to it that their facts and effects happen. */
export class CaseRun {
  private readonly lanes = new Lanes();
  private story: CaseFact[] = [];

  constructor(
    public state: CaseState,
    private published: CaseAttributes,
  ) {}

  take(event: CaseEvent): void {
    const { state, facts, effects } = takeTurn(this.state, event, Date.now());
    this.state = state;
    if (facts.length > 0) this.record(facts);
    for (const effect of effects) {
      const lane = laneOf(effect);
      this.lanes.add(lane, async () => {
        // Whoever is told reads the record, so the record comes first.
        if (lane !== 'records') await this.recorded();
        const news = await carryOut(effect, this.state);
        if (news) this.take(news);
      });
    }
    this.publish(facts);
  }

  /** Time passes before something happens: a deadline that is over has been missed, whoever comes after it. */
  letTimePass(): void {
    const next = nextDeadline(this.state);
    // Asked for only when it matters, since the answer is an event of the history.
    if (next && next.at <= Date.now() && patched('2026-11-time-before-acts'))
      this.take({ type: 'timePassed' });
  }

  takeInTime(event: CaseEvent): void {
    this.letTimePass();
    this.take(event);
  }

  /** Resolves once the record shows the state. */
  recorded(): Promise<void> {
    return this.lanes.idle('records');
  }

  /** Whether everything that was set in motion has been done. */
  get isSettled(): boolean {
    return this.lanes.allIdle;
  }

  private record(facts: CaseFact[]): void {
    const { handled, ...progress } = this.state;
    const summary = `Kayda geçti: ${facts.map(factWords).join(', ')}`.slice(0, LONGEST_SUMMARY);
    this.lanes.add('records', () =>
      records.recordCase.executeWithOptions({ summary }, [{ progress, facts }]),
    );
  }

  private publish(facts: CaseFact[]): void {
    const attributes = caseAttributes(this.state);
    const changes = changedAttributes(this.published, attributes);
    if (Object.keys(changes).length > 0) upsertSearchAttributes(attributeUpdates(changes));
    this.published = attributes;
    this.story = [...this.story, ...facts].slice(-FACTS_REMEMBERED);
    setCurrentDetails(caseDetails(this.state, this.story));
  }
}
