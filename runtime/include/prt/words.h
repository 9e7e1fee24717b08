/* Included by emitted C behind the includes and the C of the author's, any number of times: words that stand between his
 * bodies, and that no macro may change. A header may define one without its author's knowing. */
#ifdef self
#error "'self' is a macro here, and what every body calls its own worker: #undef it in %{ %}"
#endif
#ifdef worker
#error "'worker' is a macro here, and a member of every stage: #undef it in %{ %}"
#endif
#ifdef pipe
#error "'pipe' is a macro here, and a member of every stage: #undef it in %{ %}"
#endif
#ifdef base
#error "'base' is a macro here, and a member of every stage: #undef it in %{ %}"
#endif
#ifdef params
#error "'params' is a macro here, and a member of every pipeline: #undef it in %{ %}"
#endif
#ifdef settings
#error "'settings' is a macro here, and a member of every pipeline: #undef it in %{ %}"
#endif
#ifdef item
#error "'item' is a macro here, and a word of the C that pipec writes: #undef it in %{ %}"
#endif
#ifdef value
#error "'value' is a macro here, and a word of the C that pipec writes: #undef it in %{ %}"
#endif
