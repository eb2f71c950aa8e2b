import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { GALLERY } from '../api/picture-operations';
import { send } from '../api/send';
import { filtersIn } from './gallery-filters';

/** Every picture that passes the filters of the gallery's address, newest first, page by page. */
export function useGallery(address: string, enabled = true) {
  const filters = filtersIn(address);
  const query = useInfiniteQuery({
    queryKey: ['gallery', filters],
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => (await send(GALLERY, { ...filters, after: pageParam }, signal)).images,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const images = useMemo(() => query.data?.pages.flatMap(({ nodes }) => nodes) ?? [], [query.data]);
  return { ...query, images };
}
