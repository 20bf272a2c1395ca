//! Which calls are known to be safe. Without types a name is all there is, so the rule is: what is
//! not known to be safe counts as an unsafe operation.
//!
//! Known are the safe functions of the standard library that are named here, and those of the
//! project, unless the project has an unsafe one of the same name somewhere, or the file means
//! something else by it: a variable, or an import from a foreign crate.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

/// Safe methods of the standard library and of bitflags that stand in arguments of unsafe calls.
const SAFE_METHODS: [&str; 21] = [
    "addr",
    "as_millis",
    "as_mut_ptr",
    "as_ptr",
    "as_raw_fd",
    "as_raw_handle",
    "as_raw_socket",
    "bits",
    "cast",
    "cast_const",
    "cast_mut",
    "cast_signed",
    "cast_unsigned",
    "get",
    "into",
    "is_null",
    "len",
    "load",
    "then_some",
    "to_be",
    "unwrap_or",
];

/// Unsafe methods of the standard library whose names safe functions of ours have too.
const UNSAFE_METHODS: [&str; 11] = [
    "add", "as_mut", "as_ref", "map", "offset", "read", "replace", "sub", "swap", "take", "write",
];

/// Safe functions and constructors of the standard library, by the last name of a path in front of
/// which stands nothing, or what is given.
const SAFE_FUNCTIONS: [(&str, &str); 10] = [
    ("", "Err"),
    ("", "Ok"),
    ("", "Some"),
    ("NonNull", "from"),
    ("ptr", "from_mut"),
    ("ptr", "from_ref"),
    ("ptr", "null"),
    ("ptr", "null_mut"),
    ("ptr", "with_exposed_provenance_mut"),
    ("ptr", "without_provenance_mut"),
];

/// What the project declares.
#[derive(Debug, Default)]
pub(super) struct Names {
    safe_functions: BTreeSet<String>,
    unsafe_functions: BTreeSet<String>,
    static_muts: BTreeSet<String>,
    union_fields: BTreeSet<String>,
}

impl Names {
    /// Adds the declarations of a file.
    pub(super) fn add(&mut self, file: &syn::File) {
        self.visit_file(file);
    }

    /// Whether `name` is a `static mut` of some file.
    pub(super) fn is_static_mut(&self, name: &str) -> bool {
        self.static_muts.contains(name)
    }

    /// Whether `name` is a field of some union.
    pub(super) fn is_union_field(&self, name: &str) -> bool {
        self.union_fields.contains(name)
    }

    /// Whether a call of the method `name` is known to be safe.
    pub(super) fn is_safe_method(&self, name: &str) -> bool {
        SAFE_METHODS.contains(&name) || self.is_safe_here(name) && !UNSAFE_METHODS.contains(&name)
    }

    /// The same for the call of a function by `path` in a file in which `foreign` are no functions of
    /// the project.
    pub(super) fn is_safe_function(&self, path: &syn::Path, foreign: &BTreeSet<String>) -> bool {
        let mut names = path
            .segments
            .iter()
            .rev()
            .map(|part| part.ident.to_string());
        let Some(name) = names.next() else {
            return false;
        };
        let before = names.next().unwrap_or_default();
        let of_std = |(module, function): &(&str, &str)| {
            *function == name && (*module == before || before.is_empty())
        };
        // A module in lower case may be a foreign one.
        let may_be_ours = if before.is_empty() {
            !foreign.contains(&name)
        } else {
            before.starts_with(char::is_uppercase) && !foreign.contains(&before)
        };
        SAFE_FUNCTIONS.iter().any(of_std) || may_be_ours && self.is_safe_here(&name)
    }

    fn is_safe_here(&self, name: &str) -> bool {
        self.safe_functions.contains(name) && !self.unsafe_functions.contains(name)
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let names = match signature.safety {
            syn::Safety::Unsafe(_) => &mut self.unsafe_functions,
            _ => &mut self.safe_functions,
        };
        names.insert(signature.ident.to_string());
    }

    fn visit_item_foreign_mod(&mut self, block: &'ast syn::ItemForeignMod) {
        for item in &block.items {
            if let syn::ForeignItem::Fn(function) = item {
                self.unsafe_functions.insert(function.sig.ident.to_string());
            }
        }
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        if matches!(item.mutability, syn::StaticMutability::Mut(_)) {
            self.static_muts.insert(item.ident.to_string());
        }
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        let fields = item.fields.named.iter();
        let fields = fields.filter_map(|field| Some(field.ident.as_ref()?.to_string()));
        self.union_fields.extend(fields);
    }
}

/// The names that in `file` are not, or not only, those of functions of the project: variables, which
/// may hold any function, and what is imported from elsewhere.
pub(super) fn foreign(file: &syn::File) -> BTreeSet<String> {
    let mut foreign = Foreign(BTreeSet::new());
    foreign.visit_file(file);
    foreign.0
}

struct Foreign(BTreeSet<String>);

impl<'ast> Visit<'ast> for Foreign {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let root = match &item.tree {
            syn::UseTree::Path(path) => path.ident.to_string(),
            _ => String::new(),
        };
        if !["crate", "self", "super"].contains(&root.as_str()) {
            visit::visit_item_use(self, item);
        }
    }

    fn visit_use_name(&mut self, name: &'ast syn::UseName) {
        self.0.insert(name.ident.to_string());
    }

    fn visit_use_rename(&mut self, name: &'ast syn::UseRename) {
        self.0.insert(name.rename.to_string());
    }
}
