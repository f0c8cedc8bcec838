import { STARTING } from './pages.ts';
import { rerunPages } from './rerun-pages.ts';

rerunPages(STARTING);
