/** A failure of the local run that the message explains in full: what happened and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
