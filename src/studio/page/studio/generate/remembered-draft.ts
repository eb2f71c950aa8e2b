import { remembered } from '../parts/remembered';

/** The draft of the last visit; it outlives a reload. */
export const savedDraft = remembered('draft');
