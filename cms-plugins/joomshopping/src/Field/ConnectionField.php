<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Field;

use Joomla\CMS\Form\FormField;
use Joomla\CMS\HTML\HTMLHelper;
use Joomla\CMS\Language\Text;
use Joomla\CMS\Session\Session;

/**
 * The button that checks the settings as they are saved.
 */
final class ConnectionField extends FormField
{
    protected $type = 'Connection';

    protected function getInput()
    {
        HTMLHelper::_('script', 'plg_system_fiscalgate/fiscalgate.js', ['relative' => true, 'version' => 'auto']);
        $escape = static function (string $text): string {
            return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
        };
        return '<div data-fiscalgate-url="' . $escape('index.php?option=com_ajax&group=system&plugin=fiscalgate&format=raw')
            . '" data-fiscalgate-token="' . $escape(Session::getFormToken()) . '">'
            . '<button type="button" class="btn btn-secondary" data-fiscalgate-task="check">'
            . $escape(Text::_('PLG_SYSTEM_FISCALGATE_CONNECTION_CHECK')) . '</button> '
            . '<span data-fiscalgate-answer>' . $escape(Text::_('PLG_SYSTEM_FISCALGATE_CONNECTION_SAVE')) . '</span></div>';
    }
}
