import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PICTURE } from '../api/picture-operations';
import { send } from '../api/send';
import type { FrameStatus } from '../live/sheet-view';

/** A picture with its story; while the next one is being read the one before stays. */
export function usePicture(id: string) {
  return useQuery({
    queryKey: ['picture', id],
    queryFn: async ({ signal }) => (await send(PICTURE, { id }, signal)).image,
    placeholderData: (before) => before,
  });
}

/** Reads the picture again each time its frame has moved on. */
export function useFreshStory(id: string, status: FrameStatus | undefined): void {
  const client = useQueryClient();
  const last = useRef({ id, status });
  useEffect(() => {
    const hasMoved = last.current.id === id && last.current.status !== undefined && last.current.status !== status;
    last.current = { id, status };
    if (hasMoved) void client.invalidateQueries({ queryKey: ['picture', id] });
  }, [client, id, status]);
}

/** Goes back to where the picture was opened from; from a link from elsewhere to its batch. */
export function useClose(behind: string | undefined, batchId: string | undefined): () => void {
  const [, navigate] = useLocation();
  return () => {
    if (behind) history.back();
    else navigate(batchId ? `/batch/${batchId}` : '/');
  };
}
