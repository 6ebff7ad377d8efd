import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { attributeTypes, type AttributeName, type CaseAttributes } from '../src/domain/case/temporal-ui';

const words = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const numbers = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.INT);
const flags = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.BOOL);
const times = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.DATETIME);

/** Returns the SDK's typed updates for changed search attributes. Null unsets an attribute. */
export function attributeUpdates(changes: Partial<CaseAttributes>): SearchAttributeUpdatePair[] {
  return (Object.keys(changes) as AttributeName[]).map(name => {
    const value = changes[name] ?? null;
    switch (attributeTypes[name]) {
      case 'Keyword':
        return { key: words(name), value: value as string | null };
      case 'Int':
        return { key: numbers(name), value: value as number | null };
      case 'Bool':
        return { key: flags(name), value: value as boolean | null };
      case 'Datetime':
        return { key: times(name), value: value === null ? null : new Date(value as number) };
    }
  });
}

/** Returns the search attributes that a workflow starts with. Unset ones are left out. */
export function initialAttributes(attributes: Partial<CaseAttributes>): TypedSearchAttributes {
  const isSet = (pair: SearchAttributeUpdatePair): pair is SearchAttributePair => pair.value !== null;
  return new TypedSearchAttributes(attributeUpdates(attributes).filter(isSet));
}
