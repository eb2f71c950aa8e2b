/** Token of the folder that holds the built pages. */
export const PAGE_DIR = Symbol('PAGE_DIR');
