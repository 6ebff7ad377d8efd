import type { AccountNotice, NoticeField } from '../store/account-notice-records';
import { asNumber, asText, field, type LooseObject } from './loose-json';

type Severity = AccountNotice['severity'];
type Reading = Pick<AccountNotice, 'about' | 'event' | 'details' | 'severity'>;

const LONGEST = 200;
const text = (value: unknown, name: string): string | null => {
  const found = asText(field(value, name));
  return found === null ? null : found.slice(0, LONGEST);
};

const severityIn = (event: string, alarms: readonly string[], warnings: readonly string[] = []): Severity => {
  if (alarms.includes(event)) return 'alarm';
  return warnings.includes(event) ? 'warning' : 'info';
};

/** Parsers of the subscribed account fields (Cloud API, webhook reference). */
const readers: Readonly<Record<NoticeField, (value: LooseObject) => Reading>> = {
  message_template_status_update(value) {
    const event = text(value, 'event') ?? 'UNKNOWN';
    const alarms = ['REJECTED', 'PAUSED', 'DISABLED', 'LIMIT_EXCEEDED', 'LOCKED'];
    const severity = severityIn(event, alarms, ['FLAGGED', 'PENDING_DELETION', 'DELETED', 'ARCHIVED']);
    return { about: templateIn(value), event, details: text(value, 'reason'), severity };
  },
  message_template_quality_update(value) {
    const event = text(value, 'new_quality_score') ?? 'UNKNOWN';
    const details = text(value, 'previous_quality_score');
    return { about: templateIn(value), event, details, severity: severityIn(event, ['RED'], ['YELLOW']) };
  },
  message_template_components_update: value => ({
    about: templateIn(value),
    event: 'CHANGED',
    details: null,
    severity: 'warning',
  }),
  template_category_update(value) {
    const event = text(value, 'new_category') ?? text(value, 'correct_category') ?? 'UNKNOWN';
    const details = text(value, 'previous_category');
    return { about: templateIn(value), event, details, severity: event === 'UTILITY' ? 'info' : 'alarm' };
  },
  phone_number_quality_update(value) {
    const event = text(value, 'event') ?? 'UNKNOWN';
    const details = text(value, 'max_daily_conversations_per_business') ?? text(value, 'current_limit');
    return { about: numberIn(value), event, details, severity: severityIn(event, ['FLAGGED', 'DOWNGRADE']) };
  },
  phone_number_name_update(value) {
    const event = text(value, 'decision') ?? 'UNKNOWN';
    const details = text(value, 'rejection_reason');
    return {
      about: numberIn(value),
      event,
      details,
      severity: severityIn(event, ['REJECTED'], ['DEFERRED']),
    };
  },
  account_update(value) {
    const event = text(value, 'event') ?? 'UNKNOWN';
    const ban = text(field(value, 'ban_info'), 'waba_ban_state');
    const [restriction] = listIn(value, 'restriction_info');
    const details =
      ban ?? text(restriction, 'restriction_type') ?? text(field(value, 'violation_info'), 'violation_type');
    const alarms = ['ACCOUNT_RESTRICTION', 'ACCOUNT_VIOLATION', 'ACCOUNT_DELETED', 'ACCOUNT_OFFBOARDED'];
    const isBanned = event === 'DISABLED_UPDATE' && ban !== 'REINSTATE';
    const severity = isBanned ? 'alarm' : severityIn(event, alarms, ['PARTNER_REMOVED']);
    return { about: numberIn(value), event, details, severity };
  },
  account_alerts(value) {
    const info = field(value, 'alert_info') ?? value;
    const weight = text(info, 'alert_severity') ?? '';
    return {
      about: text(value, 'entity_type'),
      event: text(info, 'alert_type') ?? 'UNKNOWN',
      details: text(info, 'alert_description'),
      severity: severityIn(weight, ['CRITICAL'], ['WARNING']),
    };
  },
  account_review_update(value) {
    const event = text(value, 'decision') ?? 'UNKNOWN';
    return { about: null, event, details: null, severity: severityIn(event, ['REJECTED'], ['DEFERRED']) };
  },
  business_capability_update(value) {
    const limit =
      field(value, 'max_daily_conversations_per_business') ??
      field(value, 'max_daily_conversation_per_phone');
    const event = asText(limit)?.slice(0, LONGEST) ?? 'CHANGED';
    const count = asNumber(event.replace(/^TIER_/, '').replace(/K$/, '000'));
    // Meta's code for "no limit" is -1.
    const isLow = count !== null && count >= 0 && count <= LOW_LIMIT;
    return { about: null, event, details: null, severity: isLow ? 'warning' : 'info' };
  },
  security(value) {
    return {
      about: numberIn(value),
      event: text(value, 'event') ?? 'UNKNOWN',
      details: null,
      severity: 'alarm',
    };
  },
  user_preferences(value) {
    // Concerns marketing messages only, and we send none. Do not record the citizen.
    const [preference] = listIn(value, 'user_preferences');
    return { about: null, event: text(preference, 'value') ?? 'UNKNOWN', details: null, severity: 'info' };
  },
  flows: value => ({
    about: null,
    event: text(value, 'event') ?? 'UNKNOWN',
    details: text(value, 'new_status'),
    severity: 'info',
  }),
};

/** A limit below this number of new conversations a day would not cover the notices of a major disruption. */
const LOW_LIMIT = 250;

function templateIn(value: LooseObject): string | null {
  const name = text(value, 'message_template_name');
  const language = text(value, 'message_template_language');
  return name === null ? null : [name, language].filter(part => part !== null).join(' ');
}

function numberIn(value: LooseObject): string | null {
  return text(value, 'display_phone_number') ?? text(value, 'phone_number');
}

function listIn(value: LooseObject, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/**
 * Parses a notice from Meta about the account, its number or its templates. Returns null for other webhook
 * fields. The result contains no data about citizens.
 */
export function readNotice(about: unknown, value: LooseObject): ({ field: NoticeField } & Reading) | null {
  const name = typeof about === 'string' && Object.hasOwn(readers, about) ? (about as NoticeField) : null;
  return name === null ? null : { field: name, ...readers[name](value) };
}
