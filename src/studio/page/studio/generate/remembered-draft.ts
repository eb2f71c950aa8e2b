import { remembered } from '../parts/remembered';

/** Whose pictures are made where callers do not sign in. */
export const username = remembered('username', 'ada');

/** The draft of the last visit; it outlives a reload. */
export const savedDraft = remembered('draft');
