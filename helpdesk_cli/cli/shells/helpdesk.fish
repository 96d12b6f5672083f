# Completion of helpdesk in fish. `helpdesk completion fish` prints it, its help says where to put it.

function __helpdesk_completion
    set -lx COMP_WORDS (commandline -cp | string collect)
    set -lx _HELPDESK_COMPLETE fish_complete
    for line in (helpdesk 2>/dev/null)
        set -l answer (string split -m 1 , -- $line)
        switch $answer[1]
            case file
                __fish_complete_path $answer[2]
            case plain
                echo -- $answer[2]
        end
    end
end

complete --command helpdesk --no-files --keep-order --arguments '(__helpdesk_completion)'
