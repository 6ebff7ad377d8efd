import type { Municipality } from './municipality';
import type { Answer, AnswerPurpose } from './schemas/answers';

/**
 * Returns the prepared answers for a purpose: first those that the subject names, then those for every subject.
 */
export function readyAnswers(
  { answers, categories }: Pick<Municipality, 'answers' | 'categories'>,
  subject: string,
  purpose: AnswerPurpose,
): Answer[] {
  const named = categories.find(({ slug }) => slug === subject)?.answers ?? [];
  const always = Object.entries(answers).flatMap(([slug, answer]) => (answer.always ? [slug] : []));
  return [...new Set([...named, ...always])].flatMap(slug => {
    const answer = answers[slug];
    return answer?.for === purpose ? [{ ...answer, slug }] : [];
  });
}
