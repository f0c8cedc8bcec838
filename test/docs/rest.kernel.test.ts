import { PAGES, STARTING } from './pages.ts';
import { rerunPages } from './rerun-pages.ts';

rerunPages(PAGES.filter((page) => !STARTING.includes(page)));
