# Completion of helpdesk in bash. `helpdesk completion bash` prints it, its help says where to put it.

_helpdesk_completion() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#plain,}") ;;
            file,*) compopt -o default -o bashdefault 2>/dev/null ;;
        esac
    done < <(
        COMP_WORDS=${COMP_LINE:0:$COMP_POINT} COMP_CURRENT=$2 COMP_TYPE=$COMP_TYPE COLUMNS=$COLUMNS \
            _HELPDESK_COMPLETE=bash_complete "$1" 2>/dev/null
    )
}

# Only bash 4.4 and later can keep the order.
complete -o nosort -F _helpdesk_completion helpdesk 2>/dev/null || complete -F _helpdesk_completion helpdesk
