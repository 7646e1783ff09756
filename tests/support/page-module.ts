/**
 * A module of the page that needs no browser. The page is plain JavaScript without types, so each test says
 * what it expects of the module.
 */
export const pageModule = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(`../../playground/public/${name}`, import.meta.url).href)) as Module;
