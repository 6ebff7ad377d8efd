/** Something of the configuration with the Turkish name that people read: a department, subject, neighbourhood. */
export interface Named {
  slug: string;
  name: string;
}
