//! What a driver engineer does on a Windows machine to see what no test here can show.

pub(super) struct Procedure {
    /// One word, which is its heading.
    pub(super) name: &'static str,
    pub(super) purpose: &'static str,
    pub(super) steps: &'static [&'static str],
}

#[rustfmt::skip]
pub(super) const PROCEDURES: [Procedure; 5] = [
    Procedure {
        name: "Loading",
        purpose: "That Windows finds the DLL, and who loads it.",
        steps: &[
            "`cargo xtask trace`, then as administrator `wpr -start target\\miracast_umd.wprp`.",
            "Connect to the sink from Settings, System, Display, and let it play for half a minute. `cargo xtask doctor` as administrator must say `driver-type ... ok` and `loaded ... ok: PROCESS.exe (PID)`.",
            "`tasklist /m miracast_umd.dll` must name that process alone; `tasklist /v /fi \"PID eq PID\"` must show session 0, and shows the account.",
            "Disconnect. Set `Quirks` to `Q17` under the adapter's software key (README.md, \"Settings\"), connect, wait as long, disconnect, `wpr -stop miracast.etl`.",
            "In the recording the first session must have requests of M16 and the second none: the account may read the key. If it has them, it may not.",
        ],
    },
    Procedure {
        name: "Session",
        purpose: "A session under dxgkrnl, with the rules of Windows in place of ours.",
        steps: &[
            "Start a recording as in Loading. Connect once, so that `doctor` names the process; attach a debugger to it (`windbg -p PID`), with `target\\package\\symbols` as symbol path, and disconnect. `!handle 0 0` says how many handles there are.",
            "`x miracast_umd!*ddi*entry*` lists the functions of the driver's table and the one that takes data-rate notices. Set a breakpoint on each that prints thread and time and goes on: `bp ADDRESS \"~.; .time; gc\"`.",
            "Connect, change the resolution once, stay for a minute, disconnect. Do the same with two sinks if the adapter takes two.",
            "Create, Destroy, Start and Stop must not overlap; between the entry of one and its return no HandleKernelModeMessage may begin; the first MODE_SET must come after Start has returned.",
            "At the entry of Start the first number of its third argument (`dq @r8 L1`) is the suggested rate in bit/s. Note it near the sink and far from it: where the sink plays with another source, Start must not return 0xC0000468.",
            "In the recording the escape MONITOR_ARRIVE must have NTSTATUS 0, MODE_SET must follow, and no escape of the session may have failed.",
            "Step out of the driver's calls of RegisterForDataRateNotifications in Start and in Stop (`gu; r rax`): both must return 0. Note the thread of the notices and the time between them: a second is expected.",
            "Step out of some calls of GetNextChunkData with four handles: none may return an error; with one, deadlines are kept by the call's timeout (ARCHITECTURE.md, \"What is uncertain\"). Where two records or more came, the second must begin 28 + PrivateDriverDataSize bytes after the first.",
            "After the disconnection the monitor must be gone from Settings, the miniport must have seen DxgkDdiMiracastDestroyContext, the recording must have `Ended` with the reason `Windows stopped the session`, and `!handle 0 0` must count no more handles than before.",
        ],
    },
    Procedure {
        name: "Power",
        purpose: "The monitor's power, from Windows to the sink.",
        steps: &[
            "Start a recording as in Loading, and connect to a sink that supports standby.",
            "`powercfg /change monitor-timeout-ac 1`, and leave the machine alone for two minutes.",
            "DxgkDdiCommitVidPn of the miniport must have sent MONITOR_POWER off, and the sink's screen must be dark.",
            "Move the mouse: the picture must be there again, whole. `wpr -stop miracast.etl`.",
            "The recording must have the request M12 and its answer where the screen went dark. A sink without standby gets the trigger PAUSE (M5) instead.",
        ],
    },
    Procedure {
        name: "Removal",
        purpose: "Stop, Destroy and unloading when the device goes.",
        steps: &[
            "Connect, and note what `tasklist /m miracast_umd.dll` names.",
            "While the sink plays, disable the display adapter (`pnputil /disable-device INSTANCE` as administrator). It must be disabled within a few seconds, and nothing new may be in C:\\Windows\\LiveKernelReports.",
            "`tasklist /m miracast_umd.dll` must name no process.",
            "Enable the adapter (`pnputil /enable-device INSTANCE`) and connect again. Ten times; once with the sink's plug pulled just before.",
            "The same with Application Verifier (handles, locks, leaks) on the process and Driver Verifier on the miniport: no stop.",
        ],
    },
    Procedure {
        name: "Log",
        purpose: "What Windows writes down of the driver's reports.",
        steps: &[
            "As administrator `wpr -start GPU -start target\\miracast_umd.wprp`, which records Microsoft-Windows-DxgKrnl beside the driver, and `pktmon start --capture`.",
            "Connect; let the sink ask for an IDR picture (put it out of reach for a second); unplug its display if it has one of its own; disconnect. Connect again and switch the sink off.",
            "`pktmon stop`, `wpr -stop miracast.etl`; open the recording in Windows Performance Analyzer.",
            "Which events are the driver's statistics is not documented: find them by frame and part number. No CHUNK_SENT may be later than the picture's first datagram.",
            "The IDR request and the monitor's departure must be there, and the report of the end of the second session with the NTSTATUS that `umd/src/engine/status.rs` has for the driver's own reason (`Ended`).",
        ],
    },
];
