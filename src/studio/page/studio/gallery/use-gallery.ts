import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { GALLERY, type GalleryImage } from '../api/picture-operations';
import { send } from '../api/send';
import { filtersIn } from './gallery-filters';

/** Milliseconds between two looks while some of the newest are still being made. */
const LOOK_EVERY = 3_000;

/** Every picture that passes the filters of the gallery's address, newest first, page by page. */
export function useGallery(address: string, enabled = true) {
  const filters = filtersIn(address);
  const query = useInfiniteQuery({
    queryKey: ['gallery', filters],
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => (await send(GALLERY, { ...filters, after: pageParam }, signal)).images,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    // Read once and added to: anew only when the gallery is opened anew.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    // Who has scrolled on looks at what is old: only at the top is it worth while to look again.
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 && state.data.pages[0].nodes.some(isUnfinished) ? LOOK_EVERY : false),
  });
  const images = useMemo(() => query.data?.pages.flatMap(({ nodes }) => nodes) ?? [], [query.data]);
  return { ...query, images };
}

function isUnfinished({ status }: GalleryImage): boolean {
  return ['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING'].includes(status);
}
