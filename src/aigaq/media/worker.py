"""The child that examines files: ``python -m aigaq.media.worker FD MEMORY PARENT``.

It imports its readers, confines itself, says hello, and then examines one file after another. It never
opens anything: a file is a series of ranges that it asks the parent for.
"""

import socket
import sys
from typing import Final

from aigaq.media import examine
from aigaq.media.confinement import allow_processor_time, confine
from aigaq.media.kinds import Claim, Family, Kind
from aigaq.media.ranges import RangeFile
from aigaq.media.wire import BrokenDialogueError, Channel, Tag, parse_json

JOB_SIZE: Final = 1024


def main(fd: int, memory: int, parent: int) -> None:
    channel = Channel(socket.socket(fileno=fd))
    examine.prepare()
    channel.send_json(Tag.HELLO, confine(memory=memory, parent=parent).to_dict())
    while True:
        try:
            _, payload = channel.receive({Tag.JOB: JOB_SIZE})
        except BrokenDialogueError:
            return  # the parent has no more files, or is gone
        job = parse_json(payload)
        assert isinstance(job, dict)
        allow_processor_time(job["processor_seconds"])
        claim = Claim(Kind(job["kind"]), Family(job["family"]))
        judgement = examine.examine(RangeFile(channel, job["size"]), job["size"], claim)
        if judgement.still:
            channel.send(Tag.STILL, judgement.still)
        channel.send_json(Tag.ANSWER, judgement.to_dict())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
