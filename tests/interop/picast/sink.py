"""Runs picast's own RTSP sink against a source and keeps what the source sends.

picast (PyPI) is a Miracast receiver for the Raspberry Pi that was written by others: what it says on the
wire is not ours. It is installed, not copied; this file only puts it in a place where it can run.

Three things of a Raspberry Pi are replaced: the command `tvservice` (the modes of the attached
screen), the ini file with the addresses of the Wi-Fi link, and the player: instead of VLC, a thread that
takes RTP off the socket, counts what is wrong with it and writes the transport stream to a file.

Ends with status 0 if picast negotiated, played and was torn down by the source. Prints one JSON line:
packets, lost, negotiated, torn_down.
"""

import argparse
import importlib.util
import json
import logging
import pathlib
import socket
import sys
import threading
import time

# What `tvservice -m CEA -j` prints on a screen with these modes (CEA-861 video identification codes):
# 1 is 640x480p60, 4 is 1280x720p60, 34 is 1920x1080p30.
CEA_MODES = [
    {"code": 1, "width": 640, "height": 480, "rate": 60},
    {"code": 4, "width": 1280, "height": 720, "rate": 60},
    {"code": 34, "width": 1920, "height": 1080, "rate": 30},
]

RTP_HEADER = 12
MP2T = 33


class Recorder:
    """The player that picast starts after PLAY and stops at TEARDOWN."""

    def __init__(self, rtp_port, path):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        # Bound before SETUP names the port: a source may send right after its answer to PLAY.
        self.socket.bind(("127.0.0.1", rtp_port))
        self.socket.settimeout(0.2)
        self.path = path
        self.packets = 0
        self.lost = 0
        self.malformed = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._receive, daemon=True)

    def start(self):
        self.thread.start()

    def stop(self):
        self.stopping.set()

    def _receive(self):
        expected = None
        with open(self.path, "wb") as stream:
            while True:
                try:
                    datagram = self.socket.recv(65536)
                except socket.timeout:
                    if self.stopping.is_set():
                        return
                    continue
                payload = datagram[RTP_HEADER:]
                if datagram[0] != 0x80 or datagram[1] & 0x7F != MP2T or not payload or len(payload) % 188:
                    self.malformed += 1
                    continue
                sequence = int.from_bytes(datagram[2:4], "big")
                if expected is not None:
                    self.lost += (sequence - expected) & 0xFFFF
                expected = (sequence + 1) & 0xFFFF
                self.packets += 1
                stream.write(payload)


def settings_file(directory, peer, rtsp_port, rtp_port):
    """picast's own ini file with the loopback's addresses in it."""
    import configparser

    package = pathlib.Path(importlib.util.find_spec("picast").origin).parent
    config = configparser.ConfigParser()
    config.read(package / "settings.ini")
    config["network"]["myaddress"] = "127.0.0.1"
    config["network"]["peeraddress"] = peer
    config["network"]["rtsp_port"] = str(rtsp_port)
    config["network"]["rtp_port"] = str(rtp_port)
    path = directory / "picast.ini"
    with open(path, "w", encoding="ascii") as ini:
        config.write(ini)
    return str(path)


def tvservice(_self, command):
    return json.dumps(CEA_MODES if "CEA" in command else [])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--connect", required=True, metavar="ADDR:PORT")
    arguments.add_argument("--rtp-port", type=int, default=1028)
    arguments.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR")
    arguments.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    peer, rtsp_port = options.connect.rsplit(":", 1)
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)

    from picast import rtspsink, settings, video

    settings.Settings(config=settings_file(options.out, peer, int(rtsp_port), options.rtp_port))
    video.RasberryPiVideo._call_tvservice = tvservice
    recorder = Recorder(options.rtp_port, options.out / "stream.ts")
    sink = rtspsink.RtspSink(recorder)
    sink.teardown = False
    result = {"negotiated": False, "torn_down": False}

    def session():
        # RtspSink.run() without its endless loop and its announcement over multicast DNS.
        sink.sock = rtspsink.RTSPTransport(peer, int(rtsp_port))
        result["negotiated"] = sink.negotiate()
        if result["negotiated"]:
            sink.play()
        sink.sock.close()

    # After the source's trigger picast sends TEARDOWN and waits for the answer. A source that Windows
    # has stopped does not answer any more, and picast then reads for ever from a connection that was
    # closed: it is left behind, not waited for.
    thread = threading.Thread(target=session, daemon=True)
    thread.start()
    end = time.monotonic() + options.timeout
    while thread.is_alive() and not sink.teardown and time.monotonic() < end:
        thread.join(0.1)
    result["torn_down"] = sink.teardown
    recorder.stop()
    if recorder.thread.is_alive():
        recorder.thread.join()
    result.update(packets=recorder.packets, lost=recorder.lost, malformed=recorder.malformed)
    print(json.dumps(result))
    return 0 if result["negotiated"] and result["torn_down"] else 1


if __name__ == "__main__":
    sys.exit(main())
