const CLOUDINARY_DELIVERY = '/image/upload/';

/**
 * The address of a smaller copy, where storage makes them: Cloudinary delivers any size, told in the address.
 * `width` and `height` are in pixels; without `height` the picture keeps its form. Other addresses stay as they are.
 */
export function thumbnail(url: string, width: number, height?: number): string {
  const at = url.indexOf(CLOUDINARY_DELIVERY);
  if (at === -1) return url;
  const size = height === undefined ? `c_limit,w_${width}` : `c_fill,w_${width},h_${height}`;
  const rest = url.slice(at + CLOUDINARY_DELIVERY.length);
  return `${url.slice(0, at)}${CLOUDINARY_DELIVERY}${size},f_auto,q_auto/${rest}`;
}
