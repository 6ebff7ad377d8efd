/** A configured entity with its Turkish name: a department, subject or neighbourhood. */
export interface Named {
  slug: string;
  name: string;
}
