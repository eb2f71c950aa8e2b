import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { GENERATE } from '../api/operations';
import { send } from '../api/send';
import { usernameToSend } from '../api/username';
import { useShowBatch } from '../live/use-batches';
import { announce } from '../parts/announcer';
import { type Draft, inputOf } from './draft';

/**
 * Asks for a batch and shows it at once. The same draft sent again after a lost answer carries the same key,
 * so that it never makes two batches.
 */
export function useGenerate() {
  const show = useShowBatch();
  const lost = useRef<{ asked: string; key: string } | null>(null);
  return useMutation({
    mutationFn: async (draft: Draft) => {
      const asked = JSON.stringify(draft);
      const key = lost.current?.asked === asked ? lost.current.key : newKey();
      lost.current = { asked, key };
      const { generateBatch } = await send(GENERATE, { input: inputOf(draft, usernameToSend(), key) });
      lost.current = null;
      return generateBatch.batch;
    },
    onSuccess: (batch) => {
      show(batch);
      announce(`${batch.character}: ${batch.count} frames reserved`);
    },
  });
}

/** Unlike `randomUUID` there without https too. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
