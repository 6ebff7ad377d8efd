/** A bounce as Postfix writes it (RFC 3464), about a mail to `address` with the given Message-ID. */
export function bounceMail({
  address,
  messageId,
  action = 'failed',
  status = '5.1.1',
}: {
  address: string;
  messageId: string;
  action?: string;
  status?: string;
}): string {
  return `From: MAILER-DAEMON@mx.etimesgut.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bildirim@etimesgut.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B1"

--B1
Content-Type: text/plain; charset=us-ascii

This is the mail system. <${address}>: User unknown

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.etimesgut.example
Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0300 (TRT)

Final-Recipient: rfc822; ${address}
Original-Recipient: rfc822;${address}
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: hat <bildirim@etimesgut.example>
To: ${address}
Message-ID: ${messageId}
Subject: gorev

metin

--B1--
`;
}

/** A mail of a person or a program. */
export function plainMail({
  from,
  subject,
  words,
  headers = [],
}: {
  from: string;
  subject: string;
  words: string;
  headers?: readonly string[];
}): string {
  const lines = [
    ...headers,
    `From: ${from}`,
    'To: bildirim@etimesgut.example',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ];
  return `${lines.join('\n')}\n\n${words}\n`;
}
