use super::*;

/// The faults of a function with `body` in a file that declares a few things besides.
fn faults(body: &str) -> Vec<String> {
    let text = format!(
        "fn size() -> usize {{ 0 }}\nunsafe fn raw() {{}}\nstatic mut COUNT: u32 = 0;\n\
         union Word {{ whole: u32, half: u16 }}\nfn f() {{\n{body}\n}}\n"
    );
    let file = syn::parse_file(&text).unwrap();
    let mut names = Names::default();
    names.add(&file);
    scan(&text, &file, &names).unwrap().faults
}

#[test]
fn one_explained_operation_is_right() {
    for body in [
        "// SAFETY: it is open.\nunsafe { CloseHandle(self.0) };",
        "// SAFETY: the pointer is to a local,\n// and lives on.\nlet x = unsafe { p.read() };",
        "// SAFETY: above the statement.\ndone(\n    unsafe { call(1) },\n);",
        "// SAFETY: above the attribute.\n#[rustfmt::skip]\nlet x = unsafe { *p };",
        "let x = [\n// SAFETY: above the block.\nunsafe { *p }];",
        "// SAFETY: arguments are safe.\nunsafe { send(a.as_ptr().cast(), size(), Some(b.len())) };",
        "// SAFETY: the constants are none.\nunsafe { call(core::ptr::null_mut(), &raw mut x) };",
        "// SAFETY: one.\nunsafe { COUNT = 1 };",
        "// SAFETY: one.\nlet x = unsafe { word.half };",
        "// SAFETY: one.\nunsafe { asm!(\"nop\") };",
        "// SAFETY: inside of a macro.\nassert_eq!(unsafe { *p }, 28);",
    ] {
        assert_eq!(faults(body), [""; 0], "{body}");
    }
}

#[test]
fn a_block_without_its_comment_is_found() {
    for body in [
        "unsafe { *p };",
        "// safe, believe me\nunsafe { *p };",
        "/// SAFETY: this is documentation.\nunsafe { *p };",
        "// SAFETY: too far.\n\nunsafe { *p };",
        "// SAFETY: of the line before.\nlet x = 1;\nunsafe { *p };",
        "// SAFETY: of the outer statement.\nif true {\n    unsafe { *p };\n}",
        "assert_eq!(unsafe { *p }, 28);",
    ] {
        let found = faults(body);
        assert!(found.len() == 1 && found[0].ends_with("no SAFETY comment above the unsafe block"));
    }
}

fn faults_of_explained(block: &str) -> Vec<String> {
    faults(&format!("// SAFETY: it is said.\nunsafe {block};"))
}

#[test]
fn two_operations_are_found() {
    for block in [
        "{ raw(); raw() }",
        "{ call(other()) }",
        "{ call(winsock::size()) }",
        "{ call(*p) }",
        "{ (*p).method() }",
        "{ p.read().write() }",
        "{ (self.call)(raw()) }",
        "{ COUNT = *p }",
        "{ word.half + word.whole as u16 }",
        "{ asm!(\"nop\"); raw() }",
        "{ list.map(|p| p.add(raw())) }",
    ] {
        let found = faults_of_explained(block);
        let named = |fault: &String| fault.ends_with("operations in one unsafe block");
        assert!(
            found.len() == 1 && found.iter().all(named),
            "{block}: {found:?}"
        );
    }
}

#[test]
fn a_block_that_nobody_can_judge_is_found() {
    let nothing = faults("// SAFETY: nothing is done.\nunsafe { size() };");
    assert_eq!(nothing, ["7: no unsafe operation that is known as one"]);
    let hidden = faults("macro_rules! m { ($p:ident) => { unsafe { *$p } } }");
    assert_eq!(hidden, ["1: 1 unsafe blocks in macros that cannot be read"]);
}

#[test]
fn an_unsafe_impl_is_explained() {
    assert_eq!(
        faults("// SAFETY: integers.\nunsafe impl Send for A {}"),
        [""; 0]
    );
    let found = faults("unsafe impl Send for A {}");
    assert_eq!(found, ["6: no SAFETY comment above the unsafe impl"]);
}
