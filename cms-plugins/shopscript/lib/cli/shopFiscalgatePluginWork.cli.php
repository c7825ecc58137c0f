<?php

/**
 * Hands receipts over and asks after them. For cron, every minute:
 *
 *     php cli.php shop fiscalgatePluginWork
 */
class shopFiscalgatePluginWorkCli extends waCliController
{
    public function execute()
    {
        $count = wa('shop')->getPlugin('fiscalgate')->getReceipts()->work();
        if ($count > 0) {
            echo $count."\n";
        }
    }
}
