/** A reason not to go on that is told to the person as it stands: a sentence with what to do. */
export class StartFailure extends Error {}
