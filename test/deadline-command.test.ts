import { Command } from 'commander';
import { registerDeadline } from '../src/cli/admin/deadline';

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

test.each(['99999999', '-99999999', '1.5', '1e3', ''])(
  'deadline rejects --minutes=%s and names the allowed values',
  minutes => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    const admin = new Command();
    registerDeadline(admin);
    admin.parse(['deadline', '--calendar', 'office', '--from', '2027-05-14T16:00', `--minutes=${minutes}`], {
      from: 'user',
    });
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/allowed: a whole number like 120/));
    expect(process.exitCode).toBe(1);
  },
);
