/** Widest that a frame is on a sheet, in pixels of a dense screen. */
export const WIDEST_ON_SHEET = 640;

const CLOUDINARY_DELIVERY = '/image/upload/';
const LOCAL = /\/assets\/[^?]+$/;
/** The local disk has small copies of this width only. */
const LOCAL_WIDTH = 320;

/**
 * The address of a smaller copy, where storage makes them: Cloudinary delivers any size, told in the address, the local disk one for lists.
 * `width` and `height` are in pixels; without `height` the picture keeps its form. Other addresses stay as they are.
 */
export function thumbnail(url: string, width: number, height?: number): string {
  if (LOCAL.test(url) && width <= LOCAL_WIDTH) return `${url}?small`;
  const at = url.indexOf(CLOUDINARY_DELIVERY);
  if (at === -1) return url;
  const size = height === undefined ? `c_limit,w_${width}` : `c_fill,w_${width},h_${height}`;
  const rest = url.slice(at + CLOUDINARY_DELIVERY.length);
  return `${url.slice(0, at)}${CLOUDINARY_DELIVERY}${size},f_auto,q_auto/${rest}`;
}
