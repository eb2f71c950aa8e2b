import { browseGallery } from './gallery.js';

browseGallery(600);
