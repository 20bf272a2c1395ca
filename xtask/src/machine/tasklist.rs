//! What `tasklist /m MODULE /fo csv /nh` prints: `"name","pid","modules"`, a line for each process
//! that has the module.

/// The processes, as `name (pid)`.
pub(crate) fn processes(printed: &str) -> Vec<String> {
    let process = |line: &str| {
        let mut fields = line.strip_prefix('"')?.split("\",\"");
        let (name, pid) = (fields.next()?, fields.next()?);
        pid.parse::<u32>().ok().map(|pid| format!("{name} ({pid})"))
    };
    printed.lines().filter_map(process).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_process() {
        let printed = "\"WUDFHost.exe\",\"1234\",\"miracast_umd.dll\"\r\n\
                       \"dasHost.exe\",\"77\",\"miracast_umd.dll\"\r\n";
        assert_eq!(
            processes(printed),
            ["WUDFHost.exe (1234)", "dasHost.exe (77)"]
        );
    }

    #[test]
    fn no_process_is_a_sentence() {
        let printed = "INFO: No tasks are running which match the specified criteria.\r\n";
        assert!(processes(printed).is_empty());
        assert!(processes("\"a\",\"b\",\"c\"\r\n\"a\"\r\n").is_empty());
    }
}
