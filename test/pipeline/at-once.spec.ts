import { askAtOnce } from './at-once.js';

askAtOnce(8);
