//! The version resource of the DLL: what the properties dialog, `dxdiag` and crash reports show.

/// The version of the workspace, of which the driver is a member like this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The resource script. Its numbers are those of `VS_FIXEDFILEINFO` in verrsrc.h: a display driver
/// for Windows NT.
pub(crate) fn text() -> String {
    let numbers = format!("{},0", VERSION.replace('.', ","));
    format!(
        r#"1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILEFLAGSMASK 0x3F
FILEFLAGS 0
FILEOS 0x40004
FILETYPE 3
FILESUBTYPE 4
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "CompanyName", "The Miracast user-mode driver authors"
      VALUE "FileDescription", "Miracast user-mode driver"
      VALUE "FileVersion", "{VERSION}"
      VALUE "InternalName", "miracast_umd"
      VALUE "LegalCopyright", "MIT OR Apache-2.0"
      VALUE "OriginalFilename", "miracast_umd.dll"
      VALUE "ProductName", "Miracast user-mode driver"
      VALUE "ProductVersion", "{VERSION}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
"#
    )
}
