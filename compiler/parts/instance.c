/* Small questions about instances. */
#include "parts/instance.h"

#include <string.h>

#include "text/memory.h"

const char *name_symbol(struct obstack *memory, const char *name)
{
    char *symbol;

    if (!strchr(name, '.'))
        return name;
    symbol = obstack_copy0(memory, name, strlen(name));
    for (char *at = symbol; *at; at++)
        *at = *at == '.' ? '_' : *at;
    return symbol;
}

const char *name_letter(const struct ast *ast, const char *channel)
{
    return memory_format(ast->memory, "struct %s_%s", ast->pipeline.text ? ast->pipeline.text : "part",
                         name_symbol(ast->memory, channel));
}

bool param_takes_word(const struct param *param, const struct value *value)
{
    return param->type == PARAM_BOOL && value->kind == VALUE_NAME
        && (strcmp(value->s, "true") == 0 || strcmp(value->s, "false") == 0);
}

const struct name *param_item(const struct instance_param *param, size_t end)
{
    return param->is_default ? &param->ends[end]->end->decl.name : &param->ends[end]->item;
}

const struct instance_param *instance_param(const struct instance *instance, const char *name)
{
    const struct instance_param *param = instance->params;

    while (param && strcmp(param->param->decl.name.text, name) != 0)
        param = param->next;
    return param;
}
