import { answersSchema } from './schemas/answers';
import {
  areasSchema,
  jurisdictionSchema,
  neighboursSchema,
  placeNamesSchema,
  roadsSchema,
} from './schemas/places';
import { calendarSchema } from './schemas/calendar';
import { categoriesSchema } from './schemas/categories';
import { departmentsSchema, institutionsSchema } from './schemas/departments';
import { slaSchema } from './schemas/sla';
import { templatesSchema } from './schemas/templates';
import { textsSchema } from './schemas/texts';
import { townSchema } from './schemas/town';
import { readYamlFile, readYamlFolder } from './yaml-file';

/** The files of the folder, each read and checked by itself. */
export function readFiles(folder: string) {
  const town = readYamlFile(folder, 'municipality.yaml', townSchema);
  const files = town.value?.placeFiles;
  return {
    town,
    departments: readYamlFile(folder, 'departments.yaml', departmentsSchema),
    institutions: readYamlFile(folder, 'institutions.yaml', institutionsSchema),
    categories: readYamlFolder(folder, 'categories', categoriesSchema),
    answers: readYamlFile(folder, 'answers.yaml', answersSchema),
    sla: readYamlFile(folder, 'sla.yaml', slaSchema),
    calendars: readYamlFile(folder, 'calendar.yaml', calendarSchema),
    tr: readYamlFile(folder, 'texts/tr.yaml', textsSchema),
    en: readYamlFile(folder, 'texts/en.yaml', textsSchema),
    templates: readYamlFile(folder, 'templates.yaml', templatesSchema),
    neighbourhoods: readYamlFile(
      folder,
      files?.neighbourhoods ?? 'places/neighbourhoods.geojson',
      areasSchema,
    ),
    district: readYamlFile(folder, files?.district ?? 'places/district.geojson', areasSchema),
    placeNames: readYamlFile(folder, files?.names ?? 'places/names.yaml', placeNamesSchema),
    roads: readYamlFile(folder, files?.roads ?? 'places/roads.yaml', roadsSchema),
    neighbours: readYamlFile(folder, files?.neighbours ?? 'places/neighbours.yaml', neighboursSchema),
    jurisdiction: readYamlFile(folder, 'jurisdiction.yaml', jurisdictionSchema),
  };
}

export type Files = ReturnType<typeof readFiles>;
