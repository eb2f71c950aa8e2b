import { browseGallery } from './gallery.js';

browseGallery(10_000);
