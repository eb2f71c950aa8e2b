import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { BATCHES, NEWEST, type Sheet } from '../api/operations';
import { send } from '../api/send';
import { followerOf } from './sheet-follower';

const PAGE = 6;
/** Batches are made elsewhere too; milliseconds between two looks. */
const LOOK_EVERY = 4_000;

/** The ids of the batches that are shown, newest first, whoever has made them; each has its follower seeded. */
export function useBatches() {
  const pages = useInfiniteQuery({
    queryKey: ['batches'],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const { batches } = await send(BATCHES, { first: PAGE, after: pageParam }, signal);
      for (const sheet of batches.nodes) followerOf(sheet.id).seed(sheet);
      return { ids: batches.nodes.map(({ id }) => id), ...batches.pageInfo };
    },
    getNextPageParam: ({ hasNextPage, endCursor }) => (hasNextPage ? endCursor : undefined),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const known = pages.data?.pages.flatMap(({ ids }) => ids) ?? [];
  const fresh = useFreshBatches(known, pages.isSuccess);
  return { ...pages, ids: [...fresh, ...known] };
}

/** Those that have come since the pages were read. */
function useFreshBatches(known: string[], isRead: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['newest'],
    queryFn: async ({ signal }) => (await send(NEWEST, {}, signal)).batches.nodes,
    refetchInterval: LOOK_EVERY,
  });
  useEffect(() => {
    for (const { id, lastEvent } of data ?? []) followerOf(id).catchUp(lastEvent);
  }, [data]);
  const ids = data?.map(({ id }) => id) ?? [];
  const newestKnown = ids.findIndex((id) => known.includes(id));
  if (!isRead) return [];
  return newestKnown === -1 ? ids : ids.slice(0, newestKnown);
}

/** Puts a batch that was just made on top at once. */
export function useShowBatch(): (sheet: Sheet) => void {
  const client = useQueryClient();
  return (sheet) => {
    followerOf(sheet.id).seed(sheet);
    void client.invalidateQueries({ queryKey: ['characters'] });
    client.setQueryData<{ id: string; lastEvent: number }[]>(['newest'], (before = []) =>
      before.some(({ id }) => id === sheet.id) ? before : [{ id: sheet.id, lastEvent: sheet.lastEvent }, ...before],
    );
  };
}
