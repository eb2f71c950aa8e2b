import { STATE_WORDS } from '../sheet/state-words';
import type { FrameStatus } from '../live/sheet-view';

export interface GalleryFilters {
  username: string | null;
  character: string | null;
  status: FrameStatus | null;
}

/** The filters that stand in an address of the gallery. */
export function filtersIn(address: string): GalleryFilters {
  const asked = new URL(address, 'http://here').searchParams;
  const status = asked.get('state')?.toUpperCase() ?? '';
  return {
    username: asked.get('user') || null,
    character: asked.get('character') || null,
    status: status in STATE_WORDS ? (status as FrameStatus) : null,
  };
}

/** The address of the gallery with these filters. */
export function galleryAddress({ username, character, status }: Partial<GalleryFilters>): string {
  const asked = new URLSearchParams();
  if (username) asked.set('user', username);
  if (character) asked.set('character', character);
  if (status) asked.set('state', status.toLowerCase());
  return asked.size === 0 ? '/gallery' : `/gallery?${asked}`;
}
