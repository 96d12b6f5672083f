#compdef helpdesk
# Completion of helpdesk in zsh. `helpdesk completion zsh` prints it, its help says where to put it.

_helpdesk() {
    local type value about
    local -a answer plain told
    answer=("${(@f)$(COMP_WORDS="${words[1,CURRENT]}" _HELPDESK_COMPLETE=zsh_complete ${words[1]} 2>/dev/null)}")
    for type value about in "${answer[@]}"; do
        case $type in
            file) _files ;;
            plain) if [[ $about == _ ]]; then plain+=("$value"); else told+=("$value:$about"); fi ;;
        esac
    done
    # What fits was decided already, whatever the case: -U takes it as it is.
    (( $#told )) && _describe -V helpdesk told -U
    (( $#plain )) && compadd -U -V helpdesk -a plain
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _helpdesk "$@"
else
    compdef _helpdesk helpdesk
fi
