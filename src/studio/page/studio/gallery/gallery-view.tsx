import { useLocation } from 'wouter';
import { Empty, Fault } from '../parts/notice';
import { useTitle } from '../parts/use-title';
import { Waiting } from '../parts/waiting';
import { FilterBar } from './filter-bar';
import { filtersIn, galleryAddress } from './gallery-filters';
import { PictureGrid } from './picture-grid';
import { useGallery } from './use-gallery';

/** Everything ever made, newest first. */
export function GalleryView({ address }: { address: string }) {
  useTitle('Gallery');
  const [, navigate] = useLocation();
  const { images, isPending, isSuccess, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useGallery(address);
  const filters = filtersIn(address);
  return (
    <div className="page gallery">
      <div className="page-head">
        <h1>Gallery</h1>
        <FilterBar filters={filters} onChange={(changed) => navigate(galleryAddress({ ...filters, ...changed }), { replace: true })} />
      </div>
      {error && <Fault error={error} />}
      {isPending && !error && <Waiting />}
      {isSuccess && images.length === 0 && <Nothing isFiltered={Object.values(filters).some(Boolean)} />}
      <PictureGrid
        images={images}
        address={address}
        onNearEnd={() => {
          if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
        }}
      />
      {isSuccess && images.length > 0 && (
        <p className="end" role="status">
          {hasNextPage ? 'Loading more…' : endText(images.length)}
        </p>
      )}
    </div>
  );
}

function endText(count: number): string {
  return count === 1 ? 'One frame, and that is all.' : `${count.toLocaleString()} frames, and that is all.`;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const [, navigate] = useLocation();
  if (!isFiltered) {
    return (
      <Empty title="No pictures yet">
        <p>What is made in the studio stays here.</p>
        <button type="button" className="main" onClick={() => navigate('/')}>
          Make the first ones
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing passes these filters">
      <p>Names are matched as a whole, with upper and lower case.</p>
      <button type="button" onClick={() => navigate('/gallery', { replace: true })}>
        Show everything
      </button>
    </Empty>
  );
}
