import { filtersIn, galleryAddress } from './gallery-filters';

describe('the filters of the gallery', () => {
  it('stand in its address, whatever the names', () => {
    const filters = { username: 'ada & co', character: '月 ?#', status: 'FAILED' as const };
    expect(filtersIn(galleryAddress(filters))).toEqual(filters);
  });

  it('are none at the bare address, and what is no state is none', () => {
    expect(galleryAddress({})).toBe('/gallery');
    expect(filtersIn('/gallery?state=odd')).toEqual({ username: null, character: null, status: null });
  });
});
