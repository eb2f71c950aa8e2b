import { useEffect } from 'react';
import type { ApiError } from '../api/api-error';
import { useValue } from '../parts/use-value';
import { followerOf } from './sheet-follower';
import type { SheetView } from './sheet-view';

/** A batch's contact sheet, live for as long as the component is there. */
export function useSheet(id: string): { view: SheetView | null; problem: ApiError | null } {
  const follower = followerOf(id);
  useEffect(() => follower.watch(), [follower]);
  return { view: useValue(follower.view), problem: useValue(follower.problem) };
}
