"""Work for whichever process is free: a queue whose jobs outlive who takes them, and chores done by one."""
