<?php

/**
 * Brings the plugin into being: Joomla asks this file for it.
 */

declare(strict_types=1);

\defined('_JEXEC') or die;

use Fiscalgate\Plugin\System\Fiscalgate\Extension\Fiscalgate;
use Fiscalgate\Plugin\System\Fiscalgate\Receipts;
use Joomla\CMS\Extension\PluginInterface;
use Joomla\CMS\Factory;
use Joomla\CMS\Plugin\PluginHelper;
use Joomla\Database\DatabaseInterface;
use Joomla\DI\Container;
use Joomla\DI\ServiceProviderInterface;
use Joomla\Event\DispatcherInterface;

require_once __DIR__ . '/../sdk/autoload.php';

return new class () implements ServiceProviderInterface {
    public function register(Container $container): void
    {
        $container->set(PluginInterface::class, static function (Container $container): PluginInterface {
            $subject = $container->get(DispatcherInterface::class);
            $plugin = new Fiscalgate($subject, (array) PluginHelper::getPlugin('system', 'fiscalgate'));
            $plugin->setApplication(Factory::getApplication());
            $plugin->setReceipts(Receipts::of($container->get(DatabaseInterface::class), $plugin->params));
            return $plugin;
        });
    }
};
