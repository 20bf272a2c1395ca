//! The certificate in the user's store, by Windows PowerShell. It has never run: what is tested here
//! is how its answer is read.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::{Certificate, FILE, Key, NAME};
use crate::runner::{Runner, TOOL_LIMIT};

/// Finds the youngest certificate of the name that has a key and a day to live, else makes one;
/// writes it to FILE and its thumbprint to the output.
const SCRIPT: &str = r"
$ErrorActionPreference = 'Stop'
$certificate = Get-ChildItem Cert:\CurrentUser\My -CodeSigningCert |
    Where-Object { $_.Subject -eq 'CN=NAME' -and $_.HasPrivateKey -and $_.NotAfter -gt (Get-Date).AddDays(1) } |
    Sort-Object NotAfter | Select-Object -Last 1
if (-not $certificate) {
    $certificate = New-SelfSignedCertificate -Type CodeSigningCert -Subject 'CN=NAME' `
        -KeyAlgorithm RSA -KeyLength 3072 -HashAlgorithm SHA256 -KeyUsage DigitalSignature `
        -KeyExportPolicy NonExportable -NotAfter (Get-Date).AddYears(1) `
        -CertStoreLocation Cert:\CurrentUser\My
}
Export-Certificate -Cert $certificate -FilePath 'FILE' -Type CERT | Out-Null
$certificate.Thumbprint
";

pub(super) fn get(directory: &Path, runner: &mut Runner) -> anyhow::Result<Certificate> {
    let cer = directory.join(FILE);
    let script = SCRIPT.replace("NAME", NAME).replace("FILE", &quoted(&cer));
    let printed = runner.run(&mut powershell(&script), TOOL_LIMIT)?;
    let thumbprint = read_thumbprint(&printed.stdout)
        .context("PowerShell made a certificate and named no thumbprint")?;
    Ok(Certificate {
        cer,
        key: Key::Store { thumbprint },
    })
}

/// The SHA-1 of the certificate in the file `cer`: its name in Windows' stores.
///
/// # Errors
/// If the file is no certificate.
pub(crate) fn thumbprint(cer: &Path, runner: &mut Runner) -> anyhow::Result<String> {
    let script = format!(
        "(New-Object Security.Cryptography.X509Certificates.X509Certificate2 '{}').Thumbprint",
        quoted(cer)
    );
    let printed = runner.run(&mut powershell(&script), TOOL_LIMIT)?;
    read_thumbprint(&printed.stdout).with_context(|| format!("{} is no certificate", cer.display()))
}

/// Windows PowerShell, not its successor: it is on every machine.
fn powershell(script: &str) -> Command {
    let mut command = Command::new("powershell");
    command.args(["-NoProfile", "-NonInteractive", "-Command", script]);
    command
}

/// The path inside of single quotes of PowerShell.
fn quoted(path: &Path) -> String {
    path.display().to_string().replace('\'', "''")
}

/// The last line, if it is 20 bytes in hexadecimal.
fn read_thumbprint(printed: &str) -> Option<String> {
    let line = printed
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    let good = line.len() == 40 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then(|| line.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_the_last_line() {
        let hex = "E6CC21E72B8357BD5A0990DB7DED3421F3F8B9AA";
        assert_eq!(
            read_thumbprint(&format!("\r\n{hex}\r\n\r\n")),
            Some(hex.to_ascii_lowercase())
        );
        for bad in [
            "",
            "\r\n",
            &hex[1..],
            "x6CC21E72B8357BD5A0990DB7DED3421F3F8B9AA",
        ] {
            assert_eq!(read_thumbprint(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_quote_in_a_path_stays_inside_of_the_string() {
        assert_eq!(quoted(Path::new("o'hara")), "o''hara");
    }
}
