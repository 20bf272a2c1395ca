//! The unsafe blocks and impls of one file, held against the rules.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::names::{Names, foreign};

/// What was found in one file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) blocks: usize,
    /// Each begins with the number of its line.
    pub(super) faults: Vec<String>,
}

/// Reads `file`, which was parsed from `text`.
///
/// # Errors
/// If `text` is not made of Rust's tokens.
pub(super) fn scan(text: &str, file: &syn::File, names: &Names) -> syn::Result<Found> {
    let mut scan = Scan {
        lines: text.lines().collect(),
        names,
        foreign: foreign(file),
        statements: Vec::new(),
        impls: 0,
        found: Found::default(),
    };
    scan.visit_file(file);
    let (read, there) = (scan.found.blocks + scan.impls, unsafes(text.parse()?));
    let mut found = scan.found;
    if read != there {
        let unread = there.saturating_sub(read);
        let fault = format!("1: {unread} unsafe blocks in macros that cannot be read");
        found.faults.push(fault);
    }
    Ok(found)
}

/// How many unsafe blocks and impls there are among `tokens`, also inside of macros.
fn unsafes(tokens: TokenStream) -> usize {
    let mut count = 0;
    let mut after_unsafe = false;
    for token in tokens {
        count += usize::from(after_unsafe && begins_block_or_impl(&token));
        after_unsafe = is_word(&token, "unsafe");
        if let TokenTree::Group(group) = token {
            count += unsafes(group.stream());
        }
    }
    count
}

fn begins_block_or_impl(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is_word(other, "impl"),
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

struct Scan<'f> {
    lines: Vec<&'f str>,
    names: &'f Names,
    /// What in this file is no function of the project.
    foreign: BTreeSet<String>,
    /// The lines on which the statements begin that are around the place.
    statements: Vec<usize>,
    impls: usize,
    found: Found,
}

impl Scan<'_> {
    /// Whether the comment directly above `line` (from 1), attributes aside, says why it is safe.
    fn is_explained(&self, line: usize) -> bool {
        let above = self.lines.get(..line.saturating_sub(1)).unwrap_or_default();
        above
            .iter()
            .rev()
            .map(|line| line.trim_start())
            .skip_while(|line| line.starts_with("#["))
            .take_while(|line| line.starts_with("//"))
            .any(|line| line.starts_with("// SAFETY:"))
    }

    fn fault(&mut self, line: usize, what: &str) {
        self.found.faults.push(format!("{line}: {what}"));
    }

    /// Reads the arguments of a macro as a list of expressions, or what stands in its braces as
    /// statements and items. What is neither is missed by the count of all unsafe blocks.
    fn read_macro(&mut self, tokens: TokenStream) {
        let list = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(expressions) = list.parse2(tokens.clone()) {
            for expression in &expressions {
                self.visit_expr(expression);
            }
            return;
        }
        for token in tokens {
            if let TokenTree::Group(group) = token {
                match syn::Block::parse_within.parse2(group.stream()) {
                    Ok(statements) if group.delimiter() == Delimiter::Brace => {
                        for statement in &statements {
                            self.visit_stmt(statement);
                        }
                    }
                    _ => self.read_macro(group.stream()),
                }
            }
        }
    }

    fn within(&mut self, line: usize, visit: impl FnOnce(&mut Self)) {
        self.statements.push(line);
        visit(self);
        self.statements.pop();
    }
}

impl<'ast> Visit<'ast> for Scan<'_> {
    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.found.blocks += 1;
        let line = block.unsafe_token.span.start().line;
        let explained = |line: &usize| self.is_explained(*line);
        if !explained(&line) && !self.statements.last().is_some_and(explained) {
            self.fault(line, "no SAFETY comment above the unsafe block");
        }
        let mut operations = Operations {
            names: self.names,
            foreign: &self.foreign,
            count: 0,
        };
        operations.visit_block(&block.block);
        match operations.count {
            0 => self.fault(line, "no unsafe operation that is known as one"),
            1 => {}
            more => self.fault(line, &format!("{more} operations in one unsafe block")),
        }
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(token) = &item.unsafety {
            self.impls += 1;
            let line = token.span.start().line;
            if !self.is_explained(line) {
                self.fault(line, "no SAFETY comment above the unsafe impl");
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        let line = statement.span().start().line;
        self.within(line, |scan| visit::visit_stmt(scan, statement));
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let line = item.span().start().line;
        self.within(line, |scan| visit::visit_item(scan, item));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.read_macro(call.tokens.clone());
    }
}

/// Counts what may be an unsafe operation.
struct Operations<'f> {
    names: &'f Names,
    foreign: &'f BTreeSet<String>,
    count: usize,
}

impl Operations<'_> {
    fn add(&mut self, counts: bool) {
        self.count += usize::from(counts);
    }
}

impl<'ast> Visit<'ast> for Operations<'_> {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.add(match &*call.func {
            syn::Expr::Path(path) => !self.names.is_safe_function(&path.path, self.foreign),
            _ => true,
        });
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        self.add(!self.names.is_safe_method(&method));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        self.add(matches!(unary.op, syn::UnOp::Deref(_)));
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let name = path.path.segments.last();
        self.add(name.is_some_and(|name| self.names.is_static_mut(&name.ident.to_string())));
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if let syn::Member::Named(name) = &field.member {
            self.add(self.names.is_union_field(&name.to_string()));
        }
        visit::visit_expr_field(self, field);
    }

    fn visit_macro(&mut self, _: &'ast syn::Macro) {
        // Assembly, or something that nobody can see through.
        self.add(true);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {
        // Not run here; what is unsafe in it has a block of its own.
    }
}

#[cfg(test)]
mod tests;
